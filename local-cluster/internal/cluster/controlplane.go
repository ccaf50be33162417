package cluster

import (
	"fmt"
	"os"
	"path/filepath"
)

func (p Paths) pki(file string) string { return filepath.Join(p.pkiDir(), file) }
func (p Paths) auditPolicy() string    { return filepath.Join(p.State, "audit-policy.yaml") }
func (c Config) self(part string) []string {
	return []string{c.program("sekisho-cluster"), part}
}

func etcdCommand(paths Paths, config Config) []string {
	client, peer := "https://"+config.at(etcdPort), "https://"+config.at(etcdPeerPort)
	return append(config.self("etcd"),
		"--name=etcd",
		"--data-dir="+filepath.Join(paths.State, "etcd"),
		"--listen-client-urls="+client,
		"--advertise-client-urls="+client,
		"--listen-peer-urls="+peer,
		"--initial-advertise-peer-urls="+peer,
		"--initial-cluster=etcd="+peer,
		"--client-cert-auth", "--trusted-ca-file="+paths.pki("ca.crt"),
		"--cert-file="+paths.pki("server.crt"), "--key-file="+paths.pki("server.key"),
		"--peer-client-cert-auth", "--peer-trusted-ca-file="+paths.pki("ca.crt"),
		"--peer-cert-file="+paths.pki("server.crt"), "--peer-key-file="+paths.pki("server.key"),
		// The cluster does not outlive the machine, so nothing is gained by waiting for the disk.
		"--unsafe-no-fsync",
		// Every version of an object counts until it is compacted, and tests store hundreds of large ones. The default is 2 GiB.
		"--quota-backend-bytes=8589934592",
		"--log-level=warn",
	)
}

func apiServerCommand(paths Paths, config Config) []string {
	command := append(config.self("kube-apiserver"),
		"--bind-address="+config.Listen.String(),
		"--advertise-address="+config.Listen.String(),
		fmt.Sprintf("--secure-port=%d", apiServerPort),
		"--tls-cert-file="+paths.pki("server.crt"), "--tls-private-key-file="+paths.pki("server.key"),
		"--client-ca-file="+paths.pki("ca.crt"),
		"--etcd-servers=https://"+config.at(etcdPort),
		"--etcd-cafile="+paths.pki("ca.crt"),
		"--etcd-certfile="+paths.pki("kube-apiserver-client.crt"), "--etcd-keyfile="+paths.pki("kube-apiserver-client.key"),
		"--kubelet-certificate-authority="+paths.pki("ca.crt"),
		"--kubelet-client-certificate="+paths.pki("kube-apiserver-client.crt"), "--kubelet-client-key="+paths.pki("kube-apiserver-client.key"),
		"--kubelet-preferred-address-types=InternalIP",
		"--requestheader-client-ca-file="+paths.pki("front-proxy/ca.crt"), "--requestheader-allowed-names=front-proxy",
		"--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group", "--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file="+paths.pki("front-proxy/client.crt"), "--proxy-client-key-file="+paths.pki("front-proxy/client.key"),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file="+paths.pki("service-accounts.pub"), "--service-account-signing-key-file="+paths.pki("service-accounts.key"),
		"--service-cluster-ip-range="+config.Addresses.Services.String(),
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--allow-privileged=true",
		// Tests read the audit log right after a call, so an entry is on disk before the call is answered.
		"--audit-policy-file="+paths.auditPolicy(), "--audit-log-path="+paths.AuditLog(), "--audit-log-mode=blocking",
		"--audit-log-maxsize=1000", "--audit-log-maxbackup=1",
	)
	if config.ControlPlaneOnly {
		// The Endpoints of `kubernetes` may not hold a loopback address, and no pod is there to ask for them.
		command = append(command, "--endpoint-reconciler-type=none")
	}
	return command
}

func controllerManagerCommand(paths Paths, config Config) []string {
	return append(config.self("kube-controller-manager"),
		"--kubeconfig="+paths.kubeconfigOf("kube-controller-manager"),
		"--authentication-kubeconfig="+paths.kubeconfigOf("kube-controller-manager"),
		"--authorization-kubeconfig="+paths.kubeconfigOf("kube-controller-manager"),
		"--bind-address="+config.Listen.String(), fmt.Sprintf("--secure-port=%d", controllerManagerPort),
		"--tls-cert-file="+paths.pki("server.crt"), "--tls-private-key-file="+paths.pki("server.key"),
		"--client-ca-file="+paths.pki("ca.crt"),
		"--root-ca-file="+paths.pki("ca.crt"),
		"--service-account-private-key-file="+paths.pki("service-accounts.key"),
		"--cluster-signing-cert-file="+paths.pki("ca.crt"), "--cluster-signing-key-file="+paths.pki("ca.key"),
		"--use-service-account-credentials=true",
		"--leader-elect=false", // there is one
		"--kube-api-qps=200", "--kube-api-burst=400",
		"--concurrent-job-syncs=20",
	)
}

func schedulerCommand(paths Paths, config Config) []string {
	return append(config.self("kube-scheduler"),
		"--kubeconfig="+paths.kubeconfigOf("kube-scheduler"),
		"--authentication-kubeconfig="+paths.kubeconfigOf("kube-scheduler"),
		"--authorization-kubeconfig="+paths.kubeconfigOf("kube-scheduler"),
		"--bind-address="+config.Listen.String(), fmt.Sprintf("--secure-port=%d", schedulerPort),
		"--tls-cert-file="+paths.pki("server.crt"), "--tls-private-key-file="+paths.pki("server.key"),
		"--client-ca-file="+paths.pki("ca.crt"),
		"--leader-elect=false",
		"--kube-api-qps=200", "--kube-api-burst=400",
	)
}

// auditPolicy records who did what to which object with which outcome, once for each request. Left out is what
// the cluster's own parts repeat without end.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted, Panic]
rules:
- level: None
  userGroups: ["system:nodes", "system:serviceaccounts:kube-system"]
  resources: [{group: coordination.k8s.io, resources: [leases]}]
- level: None
  users: ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"]
  resources: [{group: coordination.k8s.io, resources: [leases]}]
- level: None
  nonResourceURLs: ["/healthz*", "/readyz*", "/livez*", "/metrics"]
- level: Metadata
`

func writeControlPlaneFiles(paths Paths) error {
	for _, dir := range []string{paths.logDir(), paths.pidDir()} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return replaceFile(paths.auditPolicy(), []byte(auditPolicy), 0o644)
}
