package cluster

import (
	"fmt"
	"net"
	"os"
	"path/filepath"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// writeIdentities makes every certificate, key and kubeconfig of a new cluster.
func writeIdentities(paths Paths, config Config) error {
	ca, err := newAuthority(paths.pkiDir())
	if err != nil {
		return err
	}
	if err := newServiceAccountKey(ca.dir); err != nil {
		return err
	}
	names := []string{"localhost", paths.Name, "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"}
	addresses := []net.IP{net.IPv4(127, 0, 0, 1), config.Listen.AsSlice(), config.Addresses.KubeAPI.AsSlice()}
	if err := ca.server("server", names, addresses); err != nil {
		return err
	}
	// Who may talk to the kubelet and to etcd on the API server's behalf.
	if err := ca.client("kube-apiserver-client", "kube-apiserver", "system:masters"); err != nil {
		return err
	}
	// Extension API servers trust the API server by an authority of its own, so that no other certificate will do.
	frontProxy, err := newAuthority(filepath.Join(ca.dir, "front-proxy"))
	if err != nil {
		return err
	}
	if err := frontProxy.client("client", "front-proxy"); err != nil {
		return err
	}
	users := []struct {
		file, name string
		groups     []string
	}{
		{"admin", "kubernetes-admin", []string{"system:masters"}},
		{"kube-controller-manager", "system:kube-controller-manager", nil},
		{"kube-scheduler", "system:kube-scheduler", nil},
		{"kube-proxy", "system:kube-proxy", nil},
		{"kubelet", "system:node:" + paths.Name, []string{"system:nodes"}},
		{"netpol", "system:" + netpolRole, nil},
		{"dns", "system:" + dnsRole, nil},
	}
	for _, user := range users {
		if err := ca.client(user.file, user.name, user.groups...); err != nil {
			return err
		}
		if err := writeKubeconfig(paths, config, user.file); err != nil {
			return fmt.Errorf("kubeconfig of %s: %w", user.file, err)
		}
	}
	return nil
}

// writeKubeconfig embeds the certificates, so that the file can be copied.
func writeKubeconfig(paths Paths, config Config, user string) error {
	var content [3][]byte
	for i, file := range []string{"ca.crt", user + ".crt", user + ".key"} {
		var err error
		if content[i], err = os.ReadFile(filepath.Join(paths.pkiDir(), file)); err != nil {
			return err
		}
	}
	name := paths.Name
	kubeconfig := api.NewConfig()
	kubeconfig.Clusters[name] = &api.Cluster{Server: config.apiServerURL(), CertificateAuthorityData: content[0]}
	kubeconfig.AuthInfos[user] = &api.AuthInfo{ClientCertificateData: content[1], ClientKeyData: content[2]}
	kubeconfig.Contexts[name] = &api.Context{Cluster: name, AuthInfo: user}
	kubeconfig.CurrentContext = name
	text, err := clientcmd.Write(*kubeconfig)
	if err != nil {
		return err
	}
	return replaceFile(paths.kubeconfigOf(user), text, 0o600)
}
