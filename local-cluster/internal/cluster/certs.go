package cluster

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// validity is short for a cluster that lives for hours, and long for one that somebody forgot.
const validity = 365 * 24 * time.Hour

// authority signs the certificates of one cluster. One authority serves clients and servers: names and
// organisations tell them apart, as kubeadm's clusters do.
type authority struct {
	dir         string
	certificate *x509.Certificate
	key         crypto.Signer
}

func newAuthority(dir string) (*authority, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := certificateFor("sekisho-cluster-ca", nil)
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage |= x509.KeyUsageCertSign
	a := &authority{dir: dir, certificate: template, key: key}
	if err := a.write("ca", template, key); err != nil {
		return nil, err
	}
	return a, a.reload()
}

// reload replaces the template by what was signed, which carries the identifiers that leaf certificates refer to.
func (a *authority) reload() error {
	text, err := os.ReadFile(filepath.Join(a.dir, "ca.crt"))
	if err != nil {
		return err
	}
	block, _ := pem.Decode(text)
	a.certificate, err = x509.ParseCertificate(block.Bytes)
	return err
}

// client issues NAME.crt and NAME.key for a user and its groups.
func (a *authority) client(file, user string, groups ...string) error {
	template := certificateFor(user, groups)
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	return a.issue(file, template)
}

// server issues a certificate that also serves as a client's, as etcd needs for itself.
func (a *authority) server(file string, names []string, addresses []net.IP) error {
	template := certificateFor(file, nil)
	template.DNSNames, template.IPAddresses = names, addresses
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	return a.issue(file, template)
}

func (a *authority) issue(file string, template *x509.Certificate) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	return a.write(file, template, key)
}

func (a *authority) write(file string, template *x509.Certificate, key *ecdsa.PrivateKey) error {
	signed, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return err
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})
	if err := os.WriteFile(filepath.Join(a.dir, file+".crt"), certificate, 0o644); err != nil {
		return err
	}
	return writeKey(filepath.Join(a.dir, file+".key"), key)
}

// newServiceAccountKey makes the pair that signs and checks the tokens of service accounts.
func newServiceAccountKey(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	if err := os.WriteFile(filepath.Join(dir, "service-accounts.pub"), text, 0o644); err != nil {
		return err
	}
	return writeKey(filepath.Join(dir, "service-accounts.key"), key)
}

func writeKey(path string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600)
}

func certificateFor(name string, groups []string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name, Organization: groups},
		NotBefore:    now.Add(-time.Hour), // a clock that is set back a little must not lock anyone out
		NotAfter:     now.Add(validity),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
}
