package netpol

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	networkinglisters "k8s.io/client-go/listers/networking/v1"
	"k8s.io/client-go/tools/cache"

	"sekisho.dev/local-cluster/netpol/wire"
)

const catchUpPoll = 5 * time.Millisecond

// cluster is the enforcer's view of the API server.
type cluster struct {
	client     kubernetes.Interface
	factory    informers.SharedInformerFactory
	pods       corelisters.PodLister
	namespaces corelisters.NamespaceLister
	policies   networkinglisters.NetworkPolicyLister
}

// newCluster calls changed after every change of a pod, a namespace or a policy.
func newCluster(client kubernetes.Interface, changed func()) (*cluster, error) {
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithTransform(slim))
	c := &cluster{
		client:     client,
		factory:    factory,
		pods:       factory.Core().V1().Pods().Lister(),
		namespaces: factory.Core().V1().Namespaces().Lister(),
		policies:   factory.Networking().V1().NetworkPolicies().Lister(),
	}
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { changed() },
		UpdateFunc: func(any, any) { changed() },
		DeleteFunc: func(any) { changed() },
	}
	for _, informer := range []cache.SharedIndexInformer{
		factory.Core().V1().Pods().Informer(),
		factory.Core().V1().Namespaces().Informer(),
		factory.Networking().V1().NetworkPolicies().Informer(),
	} {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return nil, fmt.Errorf("watch the cluster: %w", err)
		}
	}
	return c, nil
}

// slim drops what the rules never read, before it is stored.
func slim(object any) (any, error) {
	if accessor, err := meta.Accessor(object); err == nil {
		accessor.SetManagedFields(nil)
	}
	return object, nil
}

// start returns when everything has been listed once.
func (c *cluster) start(ctx context.Context) error {
	c.factory.StartWithContext(ctx)
	for kind, synced := range c.factory.WaitForCacheSync(ctx.Done()) {
		if !synced {
			return fmt.Errorf("list %s: %w; is the API server up?", kind, ctx.Err())
		}
	}
	return nil
}

// podOf finds the pod of an attachment; a pod of the same name that was created later is another pod.
func (c *cluster) podOf(attachment wire.Attachment) (*corev1.Pod, bool) {
	pod, err := c.pods.Pods(attachment.Namespace).Get(attachment.Name)
	return pod, err == nil && hasUID(pod, attachment.UID)
}

// hasUID also knows static pods, whose UID for the runtime is in an annotation of their mirror in the API server.
func hasUID(pod *corev1.Pod, uid string) bool {
	return string(pod.UID) == uid || pod.Annotations["kubernetes.io/config.hash"] == uid
}

// catchUp returns when our view holds the pod, its namespace and every policy of that namespace as the API server has
// them now. Without it a policy created just before its pod might reach us just after the pod's first packet.
func (c *cluster) catchUp(ctx context.Context, attachment wire.Attachment) error {
	if err := c.awaitPod(ctx, attachment); err != nil {
		return err
	}
	for {
		current, err := c.client.NetworkingV1().NetworkPolicies(attachment.Namespace).List(ctx, metav1.ListOptions{})
		if err != nil {
			return fmt.Errorf("%s: list the policies of its namespace: %w; is the API server up?", attachment, err)
		}
		if c.hasPolicies(current.Items) && c.hasNamespace(attachment.Namespace) {
			return nil
		}
		if err := pause(ctx, attachment); err != nil {
			return err
		}
	}
}

func (c *cluster) awaitPod(ctx context.Context, attachment wire.Attachment) error {
	for {
		if _, found := c.podOf(attachment); found {
			return nil
		}
		live, err := c.client.CoreV1().Pods(attachment.Namespace).Get(ctx, attachment.Name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) || (err == nil && !hasUID(live, attachment.UID)) {
			return fmt.Errorf("%s with uid %s is not in the API server; it was deleted, and needs no network", attachment, attachment.UID)
		}
		if err != nil {
			return fmt.Errorf("%s: ask the API server for it: %w; is the API server up?", attachment, err)
		}
		if err := pause(ctx, attachment); err != nil {
			return err
		}
	}
}

func pause(ctx context.Context, attachment wire.Attachment) error {
	select {
	case <-ctx.Done():
		return fmt.Errorf("%s: our view of the cluster is behind the API server: %w; the kubelet will try again", attachment, ctx.Err())
	case <-time.After(catchUpPoll):
		return nil
	}
}

func (c *cluster) hasPolicies(items []networkingv1.NetworkPolicy) bool {
	for _, item := range items {
		ours, err := c.policies.NetworkPolicies(item.Namespace).Get(item.Name)
		if err != nil || ours.UID != item.UID || ours.ResourceVersion != item.ResourceVersion {
			return false
		}
	}
	return true
}

func (c *cluster) hasNamespace(name string) bool {
	_, err := c.namespaces.Get(name)
	return err == nil
}

func (c *cluster) allPolicies() ([]*networkingv1.NetworkPolicy, error) {
	return c.policies.List(labels.Everything())
}
