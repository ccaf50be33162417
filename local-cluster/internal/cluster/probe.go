package cluster

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	probeNamespace = "kube-system"
	probeLimit     = 30 * time.Second
)

// probe runs one pod of each kind that the node claims to support, so that `status` reports what was seen to work
// rather than what the kernel or a runtime promise. A kind that fails does not fail the cluster.
func (c client) probe(config Config) Proven {
	kinds := map[string]func(*corev1.PodSpec){
		"runc":           func(spec *corev1.PodSpec) { spec.RuntimeClassName = pointer("runc") },
		"userNamespaces": func(spec *corev1.PodSpec) { spec.HostUsers = pointer(false) },
	}
	if !config.NoGVisor {
		kinds["gvisor"] = func(spec *corev1.PodSpec) { spec.RuntimeClassName = pointer("gvisor") }
	}
	proven := Proven{Tried: true, Failures: map[string]string{}}
	var guard sync.Mutex
	var wait sync.WaitGroup
	for kind, adjust := range kinds {
		wait.Go(func() {
			err := c.tryPod(kind, adjust)
			guard.Lock()
			defer guard.Unlock()
			switch {
			case err != nil:
				proven.Failures[kind] = err.Error()
			case kind == "userNamespaces":
				proven.UserNamespaces = true
			default:
				proven.RuntimeClasses = append(proven.RuntimeClasses, kind)
			}
		})
	}
	wait.Wait()
	slices.Sort(proven.RuntimeClasses)
	return proven
}

func (c client) tryPod(kind string, adjust func(*corev1.PodSpec)) error {
	ctx, pods := context.TODO(), c.CoreV1().Pods(probeNamespace)
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{GenerateName: "sekisho-cluster-probe-"},
		Spec: corev1.PodSpec{
			RestartPolicy:                 corev1.RestartPolicyNever,
			AutomountServiceAccountToken:  pointer(false),
			TerminationGracePeriodSeconds: pointer(int64(1)),
			Containers:                    []corev1.Container{{Name: "pause", Image: pauseImage, ImagePullPolicy: corev1.PullNever}},
		},
	}
	adjust(&pod.Spec)
	var created *corev1.Pod
	var last error
	// The admission of pods needs the service account of the namespace, which the controllers are about to make.
	if !waitFor(10*time.Second, func() bool {
		created, last = pods.Create(ctx, pod, metav1.CreateOptions{})
		return last == nil
	}) {
		return last
	}
	defer pods.Delete(ctx, created.Name, metav1.DeleteOptions{})
	running := waitFor(probeLimit, func() bool {
		if seen, err := pods.Get(ctx, created.Name, metav1.GetOptions{}); err == nil {
			created = seen
		}
		return created.Status.Phase != corev1.PodPending
	})
	if running && created.Status.Phase == corev1.PodRunning {
		return nil
	}
	return fmt.Errorf("a pod of this kind is %s: %s", created.Status.Phase, c.lastWarning(created))
}

func (c client) lastWarning(pod *corev1.Pod) string {
	events, err := c.CoreV1().Events(pod.Namespace).List(context.TODO(), metav1.ListOptions{FieldSelector: "involvedObject.name=" + pod.Name})
	if err != nil {
		return err.Error()
	}
	message := "no event says why"
	for _, event := range events.Items {
		if event.Type == corev1.EventTypeWarning {
			message = event.Message
		}
	}
	return message
}

func pointer[T any](value T) *T { return &value }
