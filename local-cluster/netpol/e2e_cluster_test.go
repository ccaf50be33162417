//go:build e2e

package netpol_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"
)

//go:embed testdata/agent.py
var agentProgram string

// world is the running cluster with two namespaces of probe pods, as in policytest: web and db in shop, bweb and audit in bank.
type world struct {
	t      *testing.T
	client kubernetes.Interface
	config *rest.Config
	image  string
	shop   string
	bank   string
	addrs  map[string]string // who to IP
	places map[string]string // who to namespace/pod
}

func newWorld(t *testing.T) *world {
	t.Helper()
	kubeconfig, image := os.Getenv("KUBECONFIG"), os.Getenv("SEKISHO_TEST_IMAGE")
	if kubeconfig == "" || image == "" {
		t.Fatal("set KUBECONFIG to that of a running local cluster, and SEKISHO_TEST_IMAGE to an image on it that has python3 and bash")
	}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	config.QPS, config.Burst = 500, 500
	w := &world{t: t, config: config, client: kubernetes.NewForConfigOrDie(config), image: image, addrs: map[string]string{}, places: map[string]string{}}
	w.shop, w.bank = w.namespace("shop", "red"), w.namespace("bank", "blue")
	w.place("node", w.serverHost(), "")
	w.startAll(
		w.agent(w.shop, "web", map[string]string{"app": "web", "tier": "front"}, port("http", 8080, "TCP"), port("dns", 53, "UDP")),
		w.agent(w.shop, "db", map[string]string{"app": "db"}, port("http", 9090, "TCP")),
		w.agent(w.bank, "bweb", map[string]string{"app": "web"}),
		w.agent(w.bank, "audit", map[string]string{"app": "audit"}, port("http", 80, "TCP")),
	)
	return w
}

// serverHost is the node's address: the API server listens on it.
func (w *world) serverHost() string {
	server, err := url.Parse(w.config.Host)
	if err != nil {
		w.t.Fatal(err)
	}
	return server.Hostname()
}

func (w *world) place(who, addr, place string) { w.addrs[who], w.places[who] = addr, place }

// namespace makes one that is deleted, and gone, when the test ends.
func (w *world) namespace(name, team string) string {
	w.t.Helper()
	object := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "netpol-e2e-" + name + "-", Labels: map[string]string{"team": team}}}
	made, err := w.client.CoreV1().Namespaces().Create(w.ctx(), object, metav1.CreateOptions{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		now := int64(0)
		_ = w.client.CoreV1().Pods(made.Name).DeleteCollection(context.Background(), metav1.DeleteOptions{GracePeriodSeconds: &now}, metav1.ListOptions{})
		_ = w.client.CoreV1().Namespaces().Delete(context.Background(), made.Name, metav1.DeleteOptions{})
	})
	return made.Name
}

func (w *world) ctx() context.Context { return w.t.Context() }

func port(name string, number int32, protocol corev1.Protocol) corev1.ContainerPort {
	return corev1.ContainerPort{Name: name, ContainerPort: number, Protocol: protocol}
}

// agent is a pod that runs testdata/agent.py. It is ready when the kubelet reaches it.
func (w *world) agent(namespace, name string, labels map[string]string, ports ...corev1.ContainerPort) *corev1.Pod {
	pod := w.pod(namespace, name, labels, "python3", "-c", agentProgram)
	pod.Spec.Containers[0].Ports = ports
	pod.Spec.Containers[0].ReadinessProbe = &corev1.Probe{
		PeriodSeconds: 1, FailureThreshold: 1, TimeoutSeconds: 3,
		ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/ok", Port: intstr.FromInt32(9999)}},
	}
	return pod
}

func (w *world) pod(namespace, name string, labels map[string]string, command ...string) *corev1.Pod {
	none := int64(0)
	no := false
	oneSecond := "1" // a test that forbids look-ups waits for their end
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: labels},
		Spec: corev1.PodSpec{
			TerminationGracePeriodSeconds: &none,
			AutomountServiceAccountToken:  &no,
			EnableServiceLinks:            &no,
			RestartPolicy:                 corev1.RestartPolicyNever,
			DNSConfig:                     &corev1.PodDNSConfig{Options: []corev1.PodDNSConfigOption{{Name: "timeout", Value: &oneSecond}}},
			Containers: []corev1.Container{{
				Name: "main", Image: w.image, ImagePullPolicy: corev1.PullIfNotPresent, Command: command,
				Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("1m")}},
			}},
		},
	}
}

// startAll creates agents and waits until all are ready.
func (w *world) startAll(pods ...*corev1.Pod) {
	w.t.Helper()
	for _, pod := range pods {
		w.create(pod)
	}
	for _, pod := range pods {
		w.awaitPod(pod, "become ready", isReady)
	}
}

func (w *world) create(pod *corev1.Pod) {
	w.t.Helper()
	if _, err := w.client.CoreV1().Pods(pod.Namespace).Create(w.ctx(), pod, metav1.CreateOptions{}); err != nil {
		w.t.Fatal(err)
	}
}

func isReady(pod *corev1.Pod) bool {
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodReady {
			return condition.Status == corev1.ConditionTrue
		}
	}
	return false
}

func hasEnded(pod *corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
}

func (w *world) awaitPod(pod *corev1.Pod, what string, is func(*corev1.Pod) bool) *corev1.Pod {
	w.t.Helper()
	var last *corev1.Pod
	w.eventually(90*time.Second, func() error {
		var err error
		last, err = w.client.CoreV1().Pods(pod.Namespace).Get(w.ctx(), pod.Name, metav1.GetOptions{})
		if err == nil && !is(last) {
			err = fmt.Errorf("pod %s/%s does not %s: %s", pod.Namespace, pod.Name, what, last.Status.String())
		}
		return err
	})
	w.place(pod.Name, last.Status.PodIP, pod.Namespace+"/"+pod.Name)
	return last
}

func (w *world) remove(namespace, name string) {
	w.t.Helper()
	if err := w.client.CoreV1().Pods(namespace).Delete(w.ctx(), name, metav1.DeleteOptions{}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) eventually(patience time.Duration, try func() error) {
	w.t.Helper()
	for began := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		err := try()
		if err == nil {
			return
		}
		if time.Since(began) > patience {
			w.t.Fatal(err)
		}
	}
}

// ask gives an agent an order through the API server's proxy.
func (w *world) ask(who, path string, query map[string]string) (map[string]any, error) {
	namespace, name, _ := strings.Cut(w.places[who], "/")
	request := w.client.CoreV1().RESTClient().Get().Namespace(namespace).Resource("pods").Name(name + ":9999").SubResource("proxy").Suffix(path)
	for key, value := range query {
		request = request.Param(key, value)
	}
	text, err := request.Timeout(20 * time.Second).DoRaw(w.ctx())
	if err != nil {
		return nil, fmt.Errorf("ask the agent in %s: %w: %s", who, err, text)
	}
	answer := map[string]any{}
	return answer, json.Unmarshal(text, &answer)
}

// apply replaces all policies of both namespaces. SHOP and BANK in keys and addresses as $web in values are filled in.
func (w *world) apply(t *testing.T, text string) {
	t.Helper()
	w.clear(t)
	for who, addr := range w.addrs {
		text = strings.ReplaceAll(text, "$"+who, addr)
	}
	specs := map[string]networkingv1.NetworkPolicySpec{}
	if err := yaml.UnmarshalStrict([]byte(text), &specs); err != nil {
		t.Fatal(err)
	}
	for key, spec := range specs {
		where, name, _ := strings.Cut(key, "/")
		object := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: spec}
		namespace := map[string]string{"shop": w.shop, "bank": w.bank}[where]
		if _, err := w.client.NetworkingV1().NetworkPolicies(namespace).Create(w.ctx(), object, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(settle)
}

// settle is far more than the enforcer needs, so that what is seen is not the last row's rules.
const settle = 300 * time.Millisecond

func (w *world) clear(t *testing.T) {
	t.Helper()
	for _, namespace := range []string{w.shop, w.bank} {
		if err := w.client.NetworkingV1().NetworkPolicies(namespace).DeleteCollection(w.ctx(), metav1.DeleteOptions{}, metav1.ListOptions{}); err != nil {
			t.Fatal(err)
		}
	}
}
