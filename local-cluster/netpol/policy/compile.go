package policy

import (
	"cmp"
	"fmt"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Compile turns the cluster's objects into verdicts. Problems name what was ignored: a selector or address range
// that cannot be read allows nothing.
func Compile(pods []Pod, namespaces []Namespace, policies []*networkingv1.NetworkPolicy) (Verdicts, []error) {
	scene := newScene(pods, namespaces)
	compiled := make([]compiledPolicy, 0, len(policies))
	for _, object := range sortedByName(policies) {
		compiled = append(compiled, scene.compilePolicy(object))
	}
	verdicts := Verdicts{}
	for _, pod := range scene.pods {
		verdict := verdictFor(pod, compiled)
		for _, addr := range pod.Addrs {
			verdicts[addr.Unmap()] = verdict
		}
	}
	return verdicts, scene.problems
}

// scene is everything that peers can be resolved against.
type scene struct {
	pods       []Pod
	namespaces map[string]labels.Set
	problems   []error
}

func newScene(pods []Pod, namespaces []Namespace) *scene {
	s := &scene{namespaces: map[string]labels.Set{}}
	for _, pod := range pods {
		if !pod.HostNetwork {
			s.pods = append(s.pods, pod)
		}
	}
	// Sorted, so that the same objects always give the same rules and nothing is rewritten for nothing.
	slices.SortStableFunc(s.pods, func(a, b Pod) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	for _, namespace := range namespaces {
		s.namespaces[namespace.Name] = namespace.Labels
	}
	return s
}

func sortedByName(policies []*networkingv1.NetworkPolicy) []*networkingv1.NetworkPolicy {
	sorted := slices.Clone(policies)
	slices.SortStableFunc(sorted, func(a, b *networkingv1.NetworkPolicy) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	return sorted
}

// compiledPolicy is one policy with its peers resolved. Ports stay as written: ingress resolves them on each selected pod.
type compiledPolicy struct {
	namespace string
	selects   labels.Selector
	isolates  isolation
	ingress   []clause
	egress    []Rule
}

type clause struct {
	peers peers
	ports []networkingv1.NetworkPolicyPort
}

type isolation struct{ ingress, egress bool }

func (s *scene) compilePolicy(object *networkingv1.NetworkPolicy) compiledPolicy {
	where := fmt.Sprintf("NetworkPolicy %s/%s", object.Namespace, object.Name)
	policy := compiledPolicy{
		namespace: object.Namespace,
		selects:   s.selector(where+" spec.podSelector", &object.Spec.PodSelector, labels.Everything()),
		isolates:  isolationOf(object.Spec),
	}
	for _, rule := range object.Spec.Ingress {
		from := s.resolvePeers(where+" spec.ingress.from", object.Namespace, rule.From)
		policy.ingress = append(policy.ingress, clause{from, rule.Ports})
	}
	for _, rule := range object.Spec.Egress {
		to := s.resolvePeers(where+" spec.egress.to", object.Namespace, rule.To)
		policy.egress = append(policy.egress, s.egressRules(to, rule.Ports)...)
	}
	return policy
}

// isolationOf applies the defaulting of spec.policyTypes: Ingress always, Egress when there are egress rules.
func isolationOf(spec networkingv1.NetworkPolicySpec) isolation {
	if len(spec.PolicyTypes) == 0 {
		return isolation{ingress: true, egress: len(spec.Egress) > 0}
	}
	return isolation{
		ingress: slices.Contains(spec.PolicyTypes, networkingv1.PolicyTypeIngress),
		egress:  slices.Contains(spec.PolicyTypes, networkingv1.PolicyTypeEgress),
	}
}

// selector reads a label selector; one that cannot be read becomes fallback: what closes more.
func (s *scene) selector(where string, selector *metav1.LabelSelector, fallback labels.Selector) labels.Selector {
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		s.problems = append(s.problems, fmt.Errorf("%s cannot be read: %w; correct the selector", where, err))
		return fallback
	}
	return parsed
}

func verdictFor(pod Pod, policies []compiledPolicy) Verdict {
	verdict := Verdict{Pod: pod.Namespace + "/" + pod.Name}
	for _, policy := range policies {
		if policy.namespace != pod.Namespace || !policy.selects.Matches(pod.Labels) {
			continue
		}
		if policy.isolates.ingress {
			verdict.Ingress.Isolated = true
			verdict.Ingress.Allow = append(verdict.Ingress.Allow, ingressRules(pod, policy.ingress)...)
		}
		if policy.isolates.egress {
			verdict.Egress.Isolated = true
			verdict.Egress.Allow = append(verdict.Egress.Allow, policy.egress...)
		}
	}
	return verdict
}
