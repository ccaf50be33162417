package netpol

import (
	"net/netip"

	corev1 "k8s.io/api/core/v1"

	"sekisho.dev/local-cluster/netpol/policy"
	"sekisho.dev/local-cluster/netpol/wire"
)

// podFrom is what the rules need of a pod object, with the addresses that the CNI gave it.
func podFrom(pod *corev1.Pod, addrs []netip.Addr) policy.Pod {
	return policy.Pod{
		Namespace:   pod.Namespace,
		Name:        pod.Name,
		Labels:      pod.Labels,
		Addrs:       addrs,
		Ports:       namedPorts(pod),
		HostNetwork: pod.Spec.HostNetwork,
	}
}

// namedPorts reads the ports of all containers that run beside one another: sidecars are init containers that stay.
func namedPorts(pod *corev1.Pod) []policy.NamedPort {
	containers := append([]corev1.Container(nil), pod.Spec.Containers...)
	for _, container := range pod.Spec.InitContainers {
		if container.RestartPolicy != nil && *container.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			containers = append(containers, container)
		}
	}
	var ports []policy.NamedPort
	for _, container := range containers {
		for _, port := range container.Ports {
			if port.Name != "" {
				ports = append(ports, policy.NamedPort{Name: port.Name, Protocol: port.Protocol, Number: uint16(port.ContainerPort)})
			}
		}
	}
	return ports
}

// hasEnded: all its containers have stopped for good, so its address may be given away.
func hasEnded(pod *corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
}

// attachmentFromStatus stands in for the CNI's word when the enforcer comes to a node where pods already run.
func attachmentFromStatus(pod *corev1.Pod) wire.Attachment {
	found := wire.Attachment{Namespace: pod.Namespace, Name: pod.Name, UID: string(pod.UID), ContainerID: "pod-" + string(pod.UID)}
	for _, ip := range pod.Status.PodIPs {
		if addr, err := netip.ParseAddr(ip.IP); err == nil {
			found.IPs = append(found.IPs, addr.Unmap())
		}
	}
	return found
}
