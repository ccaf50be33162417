//go:build e2e

package netpol_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// lookUp is what the C library of a pod finds, with the pod's own resolv.conf.
func (w *world) lookUp(who, name string) (addresses []string, failure string, err error) {
	answer, err := w.ask(who, "/lookup", map[string]string{"name": name})
	if err != nil {
		return nil, "", err
	}
	failure, _ = answer["error"].(string)
	found, _ := answer["addresses"].([]any)
	for _, address := range found {
		addresses = append(addresses, fmt.Sprint(address))
	}
	return addresses, failure, nil
}

func (w *world) finds(t *testing.T, who, name string, want ...string) {
	t.Helper()
	slices.Sort(want)
	w.eventually(10*time.Second, func() error { // the name server learns of a new Service a moment after us
		got, failure, err := w.lookUp(who, name)
		if err != nil || !slices.Equal(got, want) {
			return fmt.Errorf("%s looks up %s: %v %s, want %v (%v)", who, name, got, failure, want, err)
		}
		return nil
	})
}

func (w *world) clusterIP(t *testing.T, namespace, name string) string {
	t.Helper()
	service, err := w.client.CoreV1().Services(namespace).Get(w.ctx(), name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return service.Spec.ClusterIP
}

func (w *world) headless(t *testing.T, name, namespace string, selector map[string]string) {
	t.Helper()
	object := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.ServiceSpec{
		ClusterIP: corev1.ClusterIPNone, Selector: selector, Ports: []corev1.ServicePort{{Name: "http", Port: 80, TargetPort: intstr.FromInt32(80)}}}}
	if _, err := w.client.CoreV1().Services(namespace).Create(w.ctx(), object, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
}

func TestNamesOfServices(t *testing.T) {
	w := newWorld(t)
	w.service("shop-db", w.shop, map[string]string{"app": "db"}, 80)
	named := w.agent(w.shop, "named", map[string]string{"app": "web"})
	named.Spec.Hostname, named.Spec.Subdomain = "first", "webs"
	pods := append([]*corev1.Pod{named}, w.inGVisor(w.agent(w.shop, "in-gvisor", map[string]string{"app": "client"}))...)
	w.startAll(pods...)
	w.headless(t, "webs", w.shop, map[string]string{"app": "web"})
	for _, who := range []string{"web", "bweb", pods[len(pods)-1].Name} {
		w.finds(t, who, "kubernetes.default.svc.cluster.local", w.clusterIP(t, "default", "kubernetes"))
		w.finds(t, who, "kube-dns.kube-system", w.clusterIP(t, "kube-system", "kube-dns"))
		w.finds(t, who, "shop-db."+w.shop+".svc.cluster.local", w.addrs["shop-db"])
		w.finds(t, who, "webs."+w.shop+".svc.cluster.local", w.addrs["web"], w.addrs["named"])
		w.finds(t, who, "first.webs."+w.shop+".svc.cluster.local", w.addrs["named"])
	}
	w.finds(t, "web", "shop-db", w.addrs["shop-db"]) // by the search list, from its own namespace
	for _, name := range []string{"shop-db." + w.bank, "no.such.svc.cluster.local", "second.webs." + w.shop} {
		if found, failure, err := w.lookUp("web", name); err != nil || len(found) > 0 || failure == "" {
			t.Errorf("%s: %v %s %v", name, found, failure, err)
		}
	}
	// Another name is found or not, as the machine has a resolver or none within reach; nobody waits for long.
	began := time.Now()
	if found, failure, err := w.lookUp("web", "example.com."); err != nil || time.Since(began) > 5*time.Second {
		t.Errorf("another name: %v %s %v after %s", found, failure, err, time.Since(began))
	}
	// A Service that is gone is forgotten.
	if err := w.client.CoreV1().Services(w.shop).Delete(w.ctx(), "webs", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	w.finds(t, "web", "webs."+w.shop+".svc.cluster.local")
}

// The name server has no right of its own: a pod reaches it as far as a policy lets it reach port 53 of the node.
func TestPoliciesDecideWhoLooksUpNames(t *testing.T) {
	w := newWorld(t)
	w.place("names", w.clusterIP(t, "kube-system", "kube-dns"), "")
	const name = "kubernetes.default.svc.cluster.local"
	known := w.clusterIP(t, "default", "kubernetes")
	rows := []struct {
		name, policies string
		udp, tcp       bool
	}{
		{"no policy", `{}`, true, true},
		{"deny all", `shop/a: {podSelector: {}, policyTypes: [Ingress, Egress]}`, false, false},
		{"port 53 to any", `shop/a: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}]}`, true, true},
		{"port 53 by UDP alone", `shop/a: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]}`, true, false},
		{"port 53 of the node", `shop/a: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: $node/32}}], ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}]}`, true, true},
		{"another port", `shop/a: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 5353, protocol: UDP}, {port: 443, protocol: TCP}]}]}`, false, false},
		{"other pods", `shop/a: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}`, false, false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			w.apply(t, row.policies)
			found, failure, err := w.lookUp("web", name)
			if err != nil || slices.Contains(found, known) != row.udp || len(found) > 1 {
				t.Errorf("by UDP: %v %s %v, want %t", found, failure, err, row.udp)
			}
			flow := "web>names tcp/53 connects"
			if row.tcp {
				w.expect(t, []string{flow}, nil)
			} else {
				w.expect(t, nil, []string{flow})
			}
			w.finds(t, "bweb", name, known)
		})
	}
}

// A start finds what is there, and `up` gives back what was taken away.
func TestTheNameServerComesBack(t *testing.T) {
	w := newWorld(t)
	node := w.node(t)
	const name = "kubernetes.default.svc.cluster.local"
	known := w.clusterIP(t, "default", "kubernetes")
	again := w.upAgain()
	t.Cleanup(func() { node.run(t, again...) })
	w.finds(t, "web", name, known)
	node.run(t, "stop", "dns")
	if found, failure, err := w.lookUp("web", name); err != nil || len(found) > 0 || failure == "" {
		t.Errorf("without the name server: %v %s %v", found, failure, err)
	}
	node.run(t, "start", "dns")
	w.finds(t, "web", name, known)

	node.run(t, "stop", "dns")
	node.run(t, again...) // the Service is still there
	w.finds(t, "web", name, known)
	if err := w.client.CoreV1().Services("kube-system").Delete(w.ctx(), "kube-dns", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	w.finds(t, "web", name)
	node.run(t, again...)
	w.finds(t, "web", name, known)
	if text := node.output(t, "logs", "dns"); !strings.Contains(text, "ready") {
		t.Errorf("its log: %s", text)
	}
}

// upAgain is the command that repairs this cluster: with the options that it was made with.
func (w *world) upAgain() []string {
	first, rest, _ := strings.Cut(w.addrs["node"], ".")
	second, _, _ := strings.Cut(rest, ".")
	words := []string{"up", "--subnet", first + "." + second + ".0.0/16"}
	if len(w.inGVisor(&corev1.Pod{})) == 0 {
		words = append(words, "--no-gvisor")
	}
	return words
}
