package dns

import (
	"context"
	"fmt"
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

const (
	byNamespace = cache.NamespaceIndex
	byAddress   = "address"
	byService   = "service"
)

// Every question is answered from an index, so that its cost does not grow with the cluster.
var (
	serviceIndexers = cache.Indexers{byNamespace: cache.MetaNamespaceIndexFunc, byAddress: clusterIPsOf}
	sliceIndexers   = cache.Indexers{byService: serviceOf}
)

// catalogue is what the name server knows of the cluster.
type catalogue struct {
	services cache.Indexer
	slices   cache.Indexer
}

// watchCluster returns when everything has been listed once, and keeps the catalogue current until the context ends.
func watchCluster(ctx context.Context, client kubernetes.Interface) (catalogue, error) {
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithTransform(slim))
	services := factory.Core().V1().Services().Informer()
	slices := factory.Discovery().V1().EndpointSlices().Informer()
	// The factory's informers have the index of namespaces already.
	if err := services.AddIndexers(cache.Indexers{byAddress: clusterIPsOf}); err != nil {
		return catalogue{}, err
	}
	if err := slices.AddIndexers(sliceIndexers); err != nil {
		return catalogue{}, err
	}
	factory.StartWithContext(ctx)
	for kind, synced := range factory.WaitForCacheSync(ctx.Done()) {
		if !synced {
			return catalogue{}, fmt.Errorf("list %s: %w; is the API server up?", kind, ctx.Err())
		}
	}
	return catalogue{services.GetIndexer(), slices.GetIndexer()}, nil
}

// slim drops what no answer needs, before it is stored.
func slim(object any) (any, error) {
	if accessor, err := meta.Accessor(object); err == nil {
		accessor.SetManagedFields(nil)
	}
	return object, nil
}

func clusterIPsOf(object any) ([]string, error) {
	service, is := object.(*corev1.Service)
	if !is || isHeadless(service) {
		return nil, nil
	}
	return service.Spec.ClusterIPs, nil
}

func serviceOf(object any) ([]string, error) {
	slice, is := object.(*discoveryv1.EndpointSlice)
	if !is || slice.Labels[discoveryv1.LabelServiceName] == "" {
		return nil, nil
	}
	return []string{slice.Namespace + "/" + slice.Labels[discoveryv1.LabelServiceName]}, nil
}

func isHeadless(service *corev1.Service) bool { return service.Spec.ClusterIP == corev1.ClusterIPNone }

func (c catalogue) service(namespace, name string) (*corev1.Service, bool) {
	object, found, err := c.services.GetByKey(namespace + "/" + name)
	if err != nil || !found {
		return nil, false
	}
	service, is := object.(*corev1.Service)
	return service, is
}

func (c catalogue) hasServicesIn(namespace string) bool {
	keys, err := c.services.IndexKeys(byNamespace, namespace)
	return err == nil && len(keys) > 0
}

// serviceAt finds the Service with this cluster address.
func (c catalogue) serviceAt(address netip.Addr) (*corev1.Service, bool) {
	objects, err := c.services.ByIndex(byAddress, address.String())
	if err != nil || len(objects) == 0 {
		return nil, false
	}
	service, is := objects[0].(*corev1.Service)
	return service, is
}

// endpoint is one address behind a headless Service, with the port that was asked for, if one was.
type endpoint struct {
	hostname string
	address  netip.Addr
	port     uint16
}

// endpoints calls each for every ready address of the Service; the same address may come more than once.
func (c catalogue) endpoints(service *corev1.Service, each func(*discoveryv1.EndpointSlice, endpoint)) {
	objects, err := c.slices.ByIndex(byService, service.Namespace+"/"+service.Name)
	if err != nil {
		return
	}
	for _, object := range objects {
		slice, is := object.(*discoveryv1.EndpointSlice)
		if !is {
			continue
		}
		for _, candidate := range slice.Endpoints {
			// Unknown means ready, as everywhere in Kubernetes.
			if candidate.Conditions.Ready != nil && !*candidate.Conditions.Ready {
				continue
			}
			for _, text := range candidate.Addresses {
				if address, err := netip.ParseAddr(text); err == nil {
					each(slice, endpoint{hostname: hostnameOf(candidate, address), address: address})
				}
			}
		}
	}
}
