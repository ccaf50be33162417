//go:build e2e

package netpol_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"

	"sekisho.dev/local-cluster/netpol/policytest"
)

// row is a set of policies and what real pods then reach: "web>db tcp/80", "web>1.2.3.4 tcp/6443 connects".
type row struct {
	name     string
	policies string
	allow    []string
	deny     []string
}

func TestNetworkPolicies(t *testing.T) {
	w := newWorld(t)
	w.service("shop-db", w.shop, map[string]string{"app": "db"}, 80)
	w.place("host", hostAddr(t, w.addrs["node"]), "")
	hostPort := listenOnHost(t, w.addrs["host"])
	kube := w.kubernetesService()

	rows := append(fromTheTable(),
		row{"nothing is forbidden without a policy", `{}`,
			[]string{"web>shop-db tcp/80", "web>node tcp/6443 connects", kube, "web>host tcp/" + hostPort}, nil},
		row{"no egress: neither the node, nor the API server by its Service, nor the host, nor Services",
			`shop/a: {podSelector: {}, policyTypes: [Egress]}`,
			[]string{"bweb>shop-db tcp/80"},
			[]string{"web>node tcp/6443 connects", "web>node tcp/10250 connects", kube, "web>host tcp/" + hostPort, "web>shop-db tcp/80"}},
		row{"a Service is judged by the pods behind it",
			`shop/a: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]}`,
			[]string{"web>shop-db tcp/80", "web>db tcp/80"}, []string{"web>bweb tcp/80", kube}},
		row{"a Service's own address in an ipBlock allows nothing",
			`shop/a: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: $shop-db/32}}]}]}`,
			nil, []string{"web>shop-db tcp/80"}},
		row{"a Service to the pod itself is the pod itself",
			`shop/a: {podSelector: {}, policyTypes: [Ingress, Egress]}`,
			[]string{"db>shop-db tcp/80"}, []string{"web>shop-db tcp/80"}},
		row{"the API server by the node's address, and so by its Service",
			`shop/a: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: $node/32}}], ports: [{port: 6443}]}]}`,
			[]string{"web>node tcp/6443 connects", kube}, []string{"web>node tcp/10250 connects", "web>host tcp/" + hostPort}},
		row{"ipBlock of pods, with a hole for one",
			`shop/a: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [$bweb/32]}}]}]}`,
			[]string{"audit>web tcp/80", "db>web udp/53"}, []string{"bweb>web tcp/80", "bweb>db udp/53"}},
		row{"ipBlock of the world outside, without the cluster",
			`shop/a: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: $host/32}}]}]}`,
			[]string{"web>host tcp/" + hostPort}, []string{"web>node tcp/6443 connects", "web>db tcp/80", kube}},
	)
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			w.apply(t, r.policies)
			w.expect(t, r.allow, r.deny)
		})
	}
}

// fromTheTable takes every row of the shared table whose ends are pods here; what a live API server refuses is left out.
func fromTheTable() []row {
	var rows []row
	for _, c := range policytest.Cases {
		if strings.Contains(c.Policies, "ipBlock") || strings.Contains(c.Policies, "from: [{}]") {
			continue
		}
		r := row{c.Name, c.Policies, betweenPods(c.Allow), betweenPods(c.Deny)}
		if len(r.allow)+len(r.deny) > 0 {
			rows = append(rows, r)
		}
	}
	return rows
}

var podFlow = regexp.MustCompile(`^(web|db|bweb|audit)>(web|db|bweb|audit) (tcp|udp)/`)

func betweenPods(flows []string) []string {
	var kept []string
	for _, flow := range flows {
		if podFlow.MatchString(flow) {
			kept = append(kept, flow)
		}
	}
	return kept
}

// expect tries all flows at once, and once more where one is not as it should be: what is slow is not forbidden.
func (w *world) expect(t *testing.T, allow, deny []string) {
	t.Helper()
	var wait sync.WaitGroup
	check := func(flows []string, want bool) {
		for _, flow := range flows {
			wait.Go(func() {
				if got, err := w.passes(flow, want); err != nil || got != want {
					t.Errorf("%s: passes %v, want %v (%v)", flow, got, want, err)
				}
			})
		}
	}
	check(allow, true)
	check(deny, false)
	wait.Wait()
}

var flowText = regexp.MustCompile(`^(\S+)>(\S+) (tcp|udp)/(\d+)( connects)?$`)

func (w *world) passes(flow string, want bool) (bool, error) {
	parts := flowText.FindStringSubmatch(flow)
	if parts == nil {
		return false, fmt.Errorf("write a flow as web>db tcp/80, not %q", flow)
	}
	query := map[string]string{"kind": parts[3], "to": net.JoinHostPort(w.addrOf(parts[2]), parts[4]), "wait": "0.5"}
	if want {
		query["wait"] = "5"
	}
	if parts[5] != "" {
		query["connects"] = "yes"
	}
	answer, err := w.ask(parts[1], "/try", query)
	if err != nil {
		return false, err
	}
	return answer["passes"] == true, nil
}

func (w *world) addrOf(who string) string {
	if addr, known := w.addrs[who]; known {
		return addr
	}
	return who
}

func (w *world) service(name, namespace string, selector map[string]string, number int32) {
	w.t.Helper()
	object := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.ServiceSpec{
		Selector: selector, Ports: []corev1.ServicePort{{Port: number, TargetPort: intstr.FromInt32(number)}}}}
	made, err := w.client.CoreV1().Services(namespace).Create(w.ctx(), object, metav1.CreateOptions{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.place(name, made.Spec.ClusterIP, "")
	w.eventually(20*time.Second, func() error {
		if passed, err := w.passes("bweb>"+name+" tcp/80", true); err != nil || !passed {
			return fmt.Errorf("the Service %s does not answer: %v", name, err)
		}
		return nil
	})
}

func (w *world) kubernetesService() string {
	w.t.Helper()
	found, err := w.client.CoreV1().Services("default").Get(w.ctx(), "kubernetes", metav1.GetOptions{})
	if err != nil {
		w.t.Fatal(err)
	}
	return "web>" + found.Spec.ClusterIP + " tcp/443 connects"
}

// hostAddr is the machine's own end of the link to the node: someone outside the cluster.
func hostAddr(t *testing.T, node string) string {
	t.Helper()
	conn, err := net.Dial("udp", net.JoinHostPort(node, "1"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).IP.String()
}

func listenOnHost(t *testing.T, addr string) (port string) {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(addr, "0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); _, _ = io.Copy(conn, conn) }()
		}
	}()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

// Labels decide, and they change: of the peer, of its namespace, of the pod itself; and a policy can be deleted.
func TestChangesTakeEffect(t *testing.T) {
	w := newWorld(t)
	w.apply(t, `shop/a: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}, {namespaceSelector: {matchLabels: {team: green}}}]}]}`)
	w.expect(t, []string{"web>db tcp/80"}, []string{"bweb>db tcp/80"})
	w.label(w.shop, "web", "other")
	w.labelNamespace(w.bank, "green")
	w.expect(t, []string{"bweb>db tcp/80"}, []string{"web>db tcp/80"})
	w.label(w.shop, "db", "other")
	w.expect(t, []string{"web>db tcp/80"}, nil)
	w.label(w.shop, "db", "db")
	w.expect(t, nil, []string{"web>db tcp/80"})
	w.clear(t)
	time.Sleep(settle)
	w.expect(t, []string{"web>db tcp/80"}, nil)
}

func (w *world) label(namespace, pod, app string) {
	w.t.Helper()
	patch := fmt.Appendf(nil, `{"metadata":{"labels":{"app":%q}}}`, app)
	if _, err := w.client.CoreV1().Pods(namespace).Patch(w.ctx(), pod, types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(settle)
}

func (w *world) labelNamespace(namespace, team string) {
	w.t.Helper()
	patch := fmt.Appendf(nil, `{"metadata":{"labels":{"team":%q}}}`, team)
	if _, err := w.client.CoreV1().Namespaces().Patch(w.ctx(), namespace, types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(settle)
}

// The kubelet's probes come from the node, which no policy can forbid.
func TestProbesOfTheKubeletPass(t *testing.T) {
	w := newWorld(t)
	w.apply(t, `shop/a: {podSelector: {}, policyTypes: [Ingress, Egress]}`)
	w.startAll(w.agent(w.shop, "late", map[string]string{"app": "late"}))
	time.Sleep(3 * time.Second) // three probes of each pod
	for _, name := range []string{"web", "late"} {
		pod, err := w.client.CoreV1().Pods(w.shop).Get(w.ctx(), name, metav1.GetOptions{})
		if err != nil || !isReady(pod) {
			t.Errorf("%s is not ready: %v", name, err)
		}
	}
	w.expect(t, nil, []string{"late>bweb tcp/80", "bweb>late tcp/80"})
}

func TestEstablishedConnectionsAreCut(t *testing.T) {
	w := newWorld(t)
	w.service("shop-db", w.shop, map[string]string{"app": "db"}, 80)
	rows := map[string]string{"pod": "db", "service": "shop-db", "other namespace": "audit"}
	for id, to := range rows {
		t.Run(id, func(t *testing.T) {
			w.apply(t, `{}`)
			w.held(t, "web", "/open", map[string]string{"id": id, "kind": "tcp", "to": w.addrs[to] + ":80"}, true)
			w.held(t, "bweb", "/open", map[string]string{"id": id, "kind": "tcp", "to": w.addrs["audit"] + ":80"}, true)
			w.apply(t, `shop/a: {podSelector: {}, policyTypes: [Egress]}`)
			w.held(t, "web", "/again", map[string]string{"id": id, "wait": "1"}, false)
			w.held(t, "bweb", "/again", map[string]string{"id": id, "wait": "5"}, true)
			w.apply(t, `{}`)
			w.held(t, "bweb", "/again", map[string]string{"id": id, "wait": "5"}, true)
		})
	}
}

func (w *world) held(t *testing.T, who, path string, query map[string]string, want bool) {
	t.Helper()
	answer, err := w.ask(who, path, query)
	if err != nil || (answer["passes"] == true) != want {
		t.Errorf("%s %s %v: %v, want %v (%v)", who, path, query, answer, want, err)
	}
}

const floodPods = 20

// Each pod sends from its first instruction on, and the policy that forbids it is created only just before it.
func TestAPodIsClosedBeforeItsFirstPacket(t *testing.T) {
	w := newWorld(t)
	w.apply(t, `shop/deny: {podSelector: {matchLabels: {app: flood}}, policyTypes: [Ingress, Egress]}`)
	var pods []*corev1.Pod
	for i := range floodPods {
		pods = append(pods, w.flooder(fmt.Sprintf("closed-%02d", i), "flood"))
	}
	pods = append(pods, w.flooder("open-00", "free"), w.flooder("open-01", "free"))
	pods = append(pods, w.inGVisor(w.flooder("closed-gvisor", "flood"), w.flooder("open-gvisor", "free"))...)
	var wait sync.WaitGroup
	for _, pod := range pods {
		w.create(pod)
	}
	for _, pod := range pods {
		wait.Go(func() { w.awaitPod(pod, "end", hasEnded) })
	}
	wait.Wait()
	counts, err := w.ask("audit", "/counts", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, pod := range pods {
		tried := w.triesOf(t, pod)
		came := number(counts[pod.Name]) + number(counts["tcp from "+w.addrs[pod.Name]])
		switch open := strings.HasPrefix(pod.Name, "open"); {
		case tried < 100:
			t.Errorf("%s sent only %d packets: that proves little", pod.Name, tried)
		case open && (number(counts[pod.Name]) == 0 || number(counts["tcp from "+w.addrs[pod.Name]]) == 0):
			t.Errorf("%s is free to send and sent %d, but nothing came: the test proves nothing (%v)", pod.Name, tried, counts)
		case !open && came > 0:
			t.Errorf("%s: %d of %d packets came through", pod.Name, came, tried)
		}
	}
	t.Logf("counted at the receiver: %v", counts)
}

// flooder sends UDP as fast as bash can, and tries a few TCP connections, for three seconds.
func (w *world) flooder(name, app string) *corev1.Pod {
	program := `
for n in 1 2 3 4 5; do (exec 3<>/dev/tcp/$TO/7778) 2>/dev/null & done
tried=0
while [ $SECONDS -lt 3 ]; do echo $NAME >/dev/udp/$TO/7777; tried=$((tried+1)); done 2>/dev/null
echo tried $tried
kill $(jobs -p) 2>/dev/null; exit 0`
	pod := w.pod(w.shop, name, map[string]string{"app": app}, "bash", "-c", program)
	pod.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "NAME", Value: name}, {Name: "TO", Value: w.addrs["audit"]}}
	return pod
}

// inGVisor is empty on a cluster without gVisor, whose sandbox brings a network stack of its own.
func (w *world) inGVisor(pods ...*corev1.Pod) []*corev1.Pod {
	class := "gvisor"
	if _, err := w.client.NodeV1().RuntimeClasses().Get(w.ctx(), class, metav1.GetOptions{}); err != nil {
		return nil
	}
	for _, pod := range pods {
		pod.Spec.RuntimeClassName = &class
	}
	return pods
}

func (w *world) triesOf(t *testing.T, pod *corev1.Pod) int {
	t.Helper()
	text, err := w.client.CoreV1().Pods(pod.Namespace).GetLogs(pod.Name, &corev1.PodLogOptions{}).DoRaw(w.ctx())
	if err != nil {
		t.Fatal(err)
	}
	tried, _ := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(string(text), "tried ")))
	return tried
}

func number(value any) int {
	n, _ := value.(float64)
	return int(n)
}

// A pod that has ended or was deleted leaves nothing that the next owner of its address could use.
func TestAnAddressIsForgottenWithItsPod(t *testing.T) {
	w := newWorld(t)
	w.startAll(w.agent(w.shop, "brief", map[string]string{"app": "brief"}))
	node := w.node(t)
	addr := w.addrs["brief"]
	if !strings.Contains(node.table(t), addr+" :") {
		t.Fatalf("%s is not in the kernel's table while its pod runs", addr)
	}
	w.remove(w.shop, "brief")
	w.eventually(10*time.Second, func() error {
		if strings.Contains(node.table(t), addr+" ") {
			return fmt.Errorf("%s is still in the kernel's table", addr)
		}
		return nil
	})
}

func TestTheSwitchAndARestart(t *testing.T) {
	w := newWorld(t)
	node := w.node(t)
	w.apply(t, `shop/a: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress]}`)
	w.expect(t, nil, []string{"web>db tcp/80"})

	t.Cleanup(func() { node.run(t, "network-policies", "on") })
	node.run(t, "network-policies", "off")
	time.Sleep(time.Second)
	w.expect(t, []string{"web>db tcp/80", "bweb>web udp/53"}, nil)
	w.held(t, "web", "/open", map[string]string{"id": "off", "kind": "tcp", "to": w.addrs["db"] + ":80"}, true)
	w.startAll(w.agent(w.shop, "while-off", map[string]string{"app": "web"}))
	w.expect(t, []string{"while-off>db tcp/80"}, nil)
	node.run(t, "network-policies", "on")
	time.Sleep(time.Second)
	w.expect(t, []string{"db>audit tcp/80"}, []string{"web>db tcp/80", "while-off>db tcp/80", "db>web tcp/80"})
	w.held(t, "web", "/again", map[string]string{"id": "off", "wait": "1"}, false)

	w.held(t, "bweb", "/open", map[string]string{"id": "restart", "kind": "tcp", "to": w.addrs["audit"] + ":80"}, true)
	node.run(t, "stop", "netpol")
	w.expect(t, []string{"bweb>audit tcp/80"}, []string{"web>db tcp/80"})
	waiting := w.agent(w.shop, "waiting", map[string]string{"app": "web"})
	w.create(waiting)
	w.remove(w.shop, "while-off") // what it leaves must be gone after the restart
	time.Sleep(5 * time.Second)
	pod, err := w.client.CoreV1().Pods(w.shop).Get(w.ctx(), "waiting", metav1.GetOptions{})
	if err != nil || pod.Status.PodIP != "" || pod.Status.Phase != corev1.PodPending {
		t.Errorf("a pod started without the enforcer: %v %v", pod.Status, err)
	}
	if _, err := w.client.CoreV1().Pods(w.shop).Get(w.ctx(), "while-off", metav1.GetOptions{}); err == nil {
		t.Error("a pod could not be deleted without the enforcer")
	}
	node.run(t, "start", "netpol")
	w.awaitPod(waiting, "become ready", isReady)
	w.expect(t, []string{"bweb>audit tcp/80"}, []string{"web>db tcp/80", "waiting>db tcp/80"})
	w.held(t, "bweb", "/again", map[string]string{"id": "restart", "wait": "5"}, true)
	if addr := w.addrs["while-off"]; strings.Contains(node.table(t), addr+" ") && w.addrs["waiting"] != addr {
		t.Errorf("%s, of a pod that was deleted while the enforcer was away, is still in the table", addr)
	}
}

// clusterNode is the cluster's own command, for what the API server cannot do.
type clusterNode struct{ program, name string }

func (w *world) node(t *testing.T) clusterNode {
	t.Helper()
	program := os.Getenv("SEKISHO_CLUSTER_BIN")
	if program == "" {
		program = filepath.Join("..", "..", ".cache", "local-cluster", "current", "bin", "sekisho-cluster")
	}
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("build the local cluster, or set SEKISHO_CLUSTER_BIN: %v", err)
	}
	nodes, err := w.client.CoreV1().Nodes().List(w.ctx(), metav1.ListOptions{})
	if err != nil || len(nodes.Items) != 1 {
		t.Fatalf("a local cluster has one node: %v %v", nodes, err)
	}
	return clusterNode{program, nodes.Items[0].Name} // the node has the cluster's name
}

func (n clusterNode) run(t *testing.T, words ...string) {
	t.Helper()
	n.output(t, words...)
}

func (n clusterNode) output(t *testing.T, words ...string) string {
	t.Helper()
	output, err := exec.Command(n.program, append([]string{"--name", n.name}, words...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v: %s", words, err, output)
	}
	return string(output)
}

func (n clusterNode) table(t *testing.T) string {
	t.Helper()
	output, err := exec.Command("nsenter", "--net=/run/netns/sekisho-cluster-"+n.name, "nft", "list", "table", "inet", "sekisho-netpol").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return string(output)
}
