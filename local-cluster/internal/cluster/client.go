package cluster

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// client is the administrator's view of the API.
type client struct{ *kubernetes.Clientset }

func newClient(paths Paths) (client, error) {
	settings, err := clientcmd.BuildConfigFromFlags("", paths.Kubeconfig())
	if err != nil {
		return client{}, err
	}
	settings.Timeout = 10 * time.Second
	settings.QPS, settings.Burst = 100, 100
	settings.UserAgent = "sekisho-cluster"
	set, err := kubernetes.NewForConfig(settings)
	return client{set}, err
}

// awaitServiceAccount waits for the first thing that the controllers make and that a user needs.
func (c client) awaitServiceAccount(limit time.Duration) error {
	var last error
	if waitFor(limit, func() bool {
		_, last = c.CoreV1().ServiceAccounts("default").Get(context.TODO(), "default", metav1.GetOptions{})
		return last == nil
	}) {
		return nil
	}
	return fmt.Errorf("the controllers made no service account in namespace default within %.0f s: %w", limit.Seconds(), last)
}

func (c client) awaitNode(name string, limit time.Duration) error {
	message := "it has not registered"
	if waitFor(limit, func() bool {
		node, err := c.CoreV1().Nodes().Get(context.TODO(), name, metav1.GetOptions{})
		if err != nil {
			return false
		}
		for _, condition := range node.Status.Conditions {
			if condition.Type == corev1.NodeReady {
				message = condition.Message
				// A new node is tainted until the controllers have seen it ready as well.
				return condition.Status == corev1.ConditionTrue && len(node.Spec.Taints) == 0
			}
		}
		return false
	}) {
		return nil
	}
	return fmt.Errorf("the node is not ready after %.0f s: %s", limit.Seconds(), message)
}

const netpolRole = "sekisho-cluster-netpol"

// applyNodeObjects makes the API objects that belong to a node: its runtime classes, the rights of the enforcer and of
// the name server, and the name server's address.
func applyNodeObjects(paths Paths, config Config) error {
	c, err := newClient(paths)
	if err != nil {
		return err
	}
	ctx := context.TODO()
	classes := map[string]string{"runc": "runc"}
	if !config.NoGVisor {
		classes["gvisor"] = "runsc"
	}
	for name, handler := range classes {
		class := &nodev1.RuntimeClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Handler: handler}
		if _, err := c.NodeV1().RuntimeClasses().Create(ctx, class, metav1.CreateOptions{}); ignoreExisting(err) != nil {
			return err
		}
	}
	if err := c.grantReading(ctx, netpolRole, map[string][]string{"": {"pods", "namespaces", "nodes"}, "networking.k8s.io": {"networkpolicies"}}); err != nil {
		return err
	}
	if !config.WithDNS {
		return nil
	}
	return c.applyDNS(ctx, config)
}

// grantReading lets the part whose user has the role's name read these resources of these API groups everywhere.
func (c client) grantReading(ctx context.Context, name string, resources map[string][]string) error {
	role := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name}}
	for group, names := range resources {
		role.Rules = append(role.Rules, rbacv1.PolicyRule{APIGroups: []string{group}, Resources: names, Verbs: []string{"get", "list", "watch"}})
	}
	if _, err := c.RbacV1().ClusterRoles().Create(ctx, role, metav1.CreateOptions{}); ignoreExisting(err) != nil {
		return err
	}
	binding := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: name},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: "system:" + name}},
	}
	_, err := c.RbacV1().ClusterRoleBindings().Create(ctx, binding, metav1.CreateOptions{})
	return ignoreExisting(err)
}

func ignoreExisting(err error) error {
	if errors.IsAlreadyExists(err) {
		return nil
	}
	return err
}
