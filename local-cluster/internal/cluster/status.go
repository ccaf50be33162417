package cluster

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Status is what `status -o json` prints. Names in it are relied on by tests outside this module.
type Status struct {
	Name             string            `json:"name"`
	Healthy          bool              `json:"healthy"`
	ControlPlaneOnly bool              `json:"controlPlaneOnly"`
	Parts            []PartStatus      `json:"parts"`
	Kubeconfig       string            `json:"kubeconfig"`
	AuditLog         string            `json:"auditLog"`
	StateDir         string            `json:"stateDir"`
	RunDir           string            `json:"runDir"`
	BinDir           string            `json:"binDir"`
	APIServer        string            `json:"apiServer"`
	ClusterCIDRs     []string          `json:"clusterCIDRs"`
	ServiceCIDRs     []string          `json:"serviceCIDRs"`
	NodeName         string            `json:"nodeName,omitempty"`
	NodeIP           string            `json:"nodeIP,omitempty"`
	NetworkNamespace string            `json:"networkNamespace,omitempty"`
	MountNamespace   string            `json:"mountNamespace,omitempty"`
	NetworkPolicies  string            `json:"networkPolicies,omitempty"`
	RuntimeClasses   []string          `json:"runtimeClasses"`
	UserNamespaces   bool              `json:"userNamespaces"`
	ProbeFailures    map[string]string `json:"probeFailures,omitempty"`
	CgroupVersion    int               `json:"cgroupVersion"`
	CapSysResource   bool              `json:"capSysResource"`
}

// PartStatus is one line of the table.
type PartStatus struct {
	Name    string `json:"name"`
	Pid     int    `json:"pid,omitempty"`
	Running bool   `json:"running"`
	Healthy bool   `json:"healthy"`
	Problem string `json:"problem,omitempty"`
	Log     string `json:"log"`
}

// StatusOf asks every part how it is.
func StatusOf(paths Paths) (Status, error) {
	config, err := readConfig(paths)
	if err != nil {
		return Status{}, err
	}
	status := Status{
		Name: paths.Name, Healthy: true, ControlPlaneOnly: config.ControlPlaneOnly,
		Kubeconfig: paths.Kubeconfig(), AuditLog: paths.AuditLog(), StateDir: paths.State, RunDir: paths.Run, BinDir: config.BinDir,
		APIServer:      config.apiServerURL(),
		ClusterCIDRs:   []string{},
		ServiceCIDRs:   []string{config.Addresses.Services.String()},
		RuntimeClasses: append([]string{}, config.Proven.RuntimeClasses...), UserNamespaces: config.Proven.UserNamespaces,
		ProbeFailures: config.Proven.Failures,
		CgroupVersion: cgroupVersion(), CapSysResource: findAbilities().sysResource,
	}
	if !config.ControlPlaneOnly {
		status.ClusterCIDRs = []string{config.Addresses.Pods.String()}
		status.NodeName, status.NodeIP = paths.Name, config.Addresses.Node.String()
		status.NetworkNamespace, status.MountNamespace = paths.netns(), paths.mountNamespace()
		status.NetworkPolicies, _ = readSwitch(paths)
	}
	for _, p := range parts(config) {
		line := partStatus(p, paths, config)
		status.Healthy = status.Healthy && line.Healthy
		status.Parts = append(status.Parts, line)
	}
	return status, nil
}

func partStatus(p part, paths Paths, config Config) PartStatus {
	running := p.process(paths)
	line := PartStatus{Name: p.name, Running: running.alive(), Log: paths.logOf(p.name)}
	if line.Running {
		line.Pid = running.pid
	}
	err := p.check(paths, config)
	line.Healthy = err == nil
	if err != nil {
		line.Problem = err.Error()
	}
	return line
}

// Print writes the status for people.
func (s Status) Print(to io.Writer) {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PART\tPID\tSTATE")
	for _, p := range s.Parts {
		state := "healthy"
		if !p.Healthy {
			state = p.Problem
		}
		fmt.Fprintf(table, "%s\t%d\t%s\n", p.Name, p.Pid, state)
	}
	table.Flush()
	fmt.Fprintf(to, "\nAPI server        %s\nkubeconfig        %s\naudit log         %s\n", s.APIServer, s.Kubeconfig, s.AuditLog)
	if !s.ControlPlaneOnly {
		fmt.Fprintf(to, "runtime classes   %v\nuser namespaces   %t\nnetwork policies  %s\n", s.RuntimeClasses, s.UserNamespaces, s.NetworkPolicies)
	}
	fmt.Fprintf(to, "cgroup version    %d\nCAP_SYS_RESOURCE  %t\n", s.CgroupVersion, s.CapSysResource)
}
