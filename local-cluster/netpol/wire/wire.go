// Package wire is what the CNI plugin and the enforcer say to each other: one JSON request and one JSON reply over a
// unix socket. Only the standard library, because the plugin starts anew for every pod.
package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// What a request asks for.
const (
	Attach = "attach" // the pod gets these addresses: answer when its rules are in the kernel
	Detach = "detach" // the sandbox is gone: forget its addresses
	Check  = "check"  // are the addresses known as this pod's?
)

// Attachment is one pod sandbox and its addresses.
type Attachment struct {
	Namespace   string       `json:"namespace"`
	Name        string       `json:"name"`
	UID         string       `json:"uid"`
	ContainerID string       `json:"containerID"`
	IPs         []netip.Addr `json:"ips"`
}

// String names the pod, or only the sandbox where the pod is not said (as when it goes).
func (a Attachment) String() string {
	if a.Name == "" {
		return "sandbox " + a.ContainerID
	}
	return fmt.Sprintf("pod %s/%s %v", a.Namespace, a.Name, a.IPs)
}

type Request struct {
	Verb       string     `json:"verb"`
	Attachment Attachment `json:"attachment"`
}

type Reply struct {
	Error string `json:"error,omitempty"`
}

const redialAfter = 50 * time.Millisecond

// Call asks the enforcer and waits for its answer. It dials again until the time is over, so that a restart of the
// enforcer delays a pod and does not fail it.
func Call(socket string, request Request, patience time.Duration) error {
	deadline := time.Now().Add(patience)
	conn, err := dial(socket, deadline)
	if err != nil {
		return fmt.Errorf("the NetworkPolicy enforcer does not answer on %s: %w; is `sekisho-cluster netpol` running?", socket, err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	if err := json.NewEncoder(conn).Encode(request); err != nil {
		return fmt.Errorf("ask the NetworkPolicy enforcer on %s: %w; see its log", socket, err)
	}
	var reply Reply
	if err := json.NewDecoder(conn).Decode(&reply); err != nil {
		return fmt.Errorf("the NetworkPolicy enforcer on %s gave no answer within %s: %w; see its log", socket, patience, err)
	}
	if reply.Error != "" {
		return errors.New(reply.Error)
	}
	return nil
}

func dial(socket string, deadline time.Time) (net.Conn, error) {
	for {
		conn, err := net.DialTimeout("unix", socket, time.Until(deadline))
		if err == nil || time.Now().Add(redialAfter).After(deadline) {
			return conn, err
		}
		time.Sleep(redialAfter)
	}
}
