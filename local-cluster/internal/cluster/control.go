package cluster

import (
	"fmt"
	"os"
	"strings"
)

// StopPart, StartPart and RestartPart are for tests that take a part away and bring it back.
func StopPart(paths Paths, name string) error {
	return withPart(paths, name, func(p part, _ Config) error { return p.stop(paths) })
}

// StartPart returns when the part is healthy.
func StartPart(paths Paths, name string) error {
	return withPart(paths, name, func(p part, config Config) error { return startAndAwait(p, paths, config) })
}

// RestartPart stops the part and starts it again.
func RestartPart(paths Paths, name string) error {
	return withPart(paths, name, func(p part, config Config) error {
		if err := p.stop(paths); err != nil {
			return err
		}
		return startAndAwait(p, paths, config)
	})
}

func startAndAwait(p part, paths Paths, config Config) error {
	if err := p.start(paths, config); err != nil {
		return err
	}
	return awaitHealthy(p, paths, config)
}

func withPart(paths Paths, name string, do func(part, Config) error) error {
	unlock, err := lock(paths)
	if err != nil {
		return err
	}
	defer unlock()
	config, err := readConfig(paths)
	if err != nil {
		return err
	}
	p, err := findPart(config, name)
	if err != nil {
		return err
	}
	return do(p, config)
}

// SetNetworkPolicies turns the enforcer's switch, which it watches.
func SetNetworkPolicies(paths Paths, position string) error {
	config, err := readConfig(paths)
	if err != nil {
		return err
	}
	if config.ControlPlaneOnly {
		return fmt.Errorf("cluster %q has no node, and so no enforcer", paths.Name)
	}
	return replaceFile(paths.SwitchFile(), []byte(position+"\n"), 0o644)
}

func readSwitch(paths Paths) (string, error) {
	content, err := os.ReadFile(paths.SwitchFile())
	return strings.TrimSpace(string(content)), err
}

// LogFile is where a part writes.
func LogFile(paths Paths, name string) (string, error) {
	config, err := readConfig(paths)
	if err != nil {
		return "", err
	}
	p, err := findPart(config, name)
	return paths.logOf(p.name), err
}

// PartNames lists the parts of a cluster.
func PartNames(paths Paths) ([]string, error) {
	config, err := readConfig(paths)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, p := range parts(config) {
		names = append(names, p.name)
	}
	return names, nil
}
