package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
)

// Options are what a user chooses at `up`.
type Options struct {
	Subnet           string `json:"subnet"`
	ControlPlaneOnly bool   `json:"controlPlaneOnly"`
	NoGVisor         bool   `json:"noGVisor"`
}

// Config is recorded at the first `up` and describes a cluster until its `down`.
type Config struct {
	Options
	Addresses Addresses  `json:"addresses"`
	Listen    netip.Addr `json:"listen"` // the node's address, or a loopback address without a node
	BinDir    string     `json:"binDir"`
	// WithDNS is missing where a build that had no name server made the cluster: its parts run from that build.
	WithDNS bool `json:"withDNS"`
	// Proven says which ways of isolating a pod were tried on this cluster and worked.
	Proven Proven `json:"proven"`
}

// Proven is the outcome of the probe pods (see probe.go).
type Proven struct {
	Tried          bool              `json:"tried"`
	RuntimeClasses []string          `json:"runtimeClasses"`
	UserNamespaces bool              `json:"userNamespaces"`
	Failures       map[string]string `json:"failures,omitempty"`
}

func newConfig(paths Paths, options Options) (Config, error) {
	addresses, err := Carve(options.Subnet)
	if err != nil {
		return Config{}, err
	}
	config := Config{Options: options, Addresses: addresses, Listen: addresses.Node, WithDNS: !options.ControlPlaneOnly}
	if options.ControlPlaneOnly {
		if config.Listen, err = loopbackFor(paths.Name); err != nil {
			return Config{}, err
		}
	}
	config.BinDir, err = binDir()
	return config, err
}

// binDir is the folder of the running program: its siblings are the shims and runtimes.
func binDir() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if self, err = filepath.EvalSymlinks(self); err != nil {
		return "", err
	}
	return filepath.Dir(self), nil
}

func (c Config) apiServerURL() string { return "https://" + c.at(apiServerPort) }

func (c Config) at(port uint16) string { return netip.AddrPortFrom(c.Listen, port).String() }

func (c Config) program(name string) string { return filepath.Join(c.BinDir, name) }

func readConfig(paths Paths) (Config, error) {
	var config Config
	text, err := os.ReadFile(paths.configFile())
	if errors.Is(err, os.ErrNotExist) {
		return config, fmt.Errorf("there is no cluster named %q; start it with `sekisho-cluster up --name %s`", paths.Name, paths.Name)
	}
	if err != nil {
		return config, err
	}
	return config, json.Unmarshal(text, &config)
}

func writeConfig(paths Paths, config Config) error {
	text, err := json.MarshalIndent(config, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(paths.configFile(), append(text, '\n'), 0o600)
}

// replaceFile never leaves a half-written file for another process to read.
func replaceFile(path string, content []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	temporary := path + ".new"
	if err := os.WriteFile(temporary, content, mode); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}
