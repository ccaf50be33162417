package cluster

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

const pauseImage = "localhost/sekisho-cluster-pause:1"

// CtrCommand is `ctr` for the images and containers that the kubelet sees. It runs in the node's namespaces, since
// some of its commands mount file systems.
func CtrCommand(paths Paths, args ...string) ([]string, error) {
	config, err := readConfig(paths)
	if err != nil {
		return nil, err
	}
	if config.ControlPlaneOnly {
		return nil, fmt.Errorf("cluster %q has no node, and so no images or containers", paths.Name)
	}
	ctr := []string{config.program("ctr"), "--address", paths.containerdSocket(), "--namespace", "k8s.io"}
	return append(append(intoNode(paths), ctr...), args...), nil
}

func ctr(paths Paths, args ...string) ([]byte, error) {
	command, err := CtrCommand(paths, args...)
	if err != nil {
		return nil, err
	}
	var stderr bytes.Buffer
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("ctr %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(stderr.Bytes()))
	}
	return output, nil
}

// LoadImage imports an archive that `buildah push X docker-archive:FILE:NAME` or a like command wrote.
func LoadImage(paths Paths, file string) error {
	absolute, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	if _, err := os.Stat(absolute); err != nil {
		return err
	}
	_, err = ctr(paths, "images", "import", absolute)
	return err
}

// Images lists the names of the images that pods can use.
func Images(paths Paths) ([]string, error) {
	output, err := ctr(paths, "images", "list", "--quiet")
	if err != nil {
		return nil, err
	}
	var names []string
	for name := range strings.Lines(string(output)) {
		if name = strings.TrimSpace(name); !strings.HasPrefix(name, "sha256:") && !strings.Contains(name, "@sha256:") {
			names = append(names, name)
		}
	}
	return names, nil
}

// loadPause gives the node the image that holds the namespaces of a pod: one static program.
func loadPause(paths Paths, config Config) error {
	present, err := Images(paths)
	if err != nil {
		return err
	}
	for _, name := range present {
		if name == pauseImage {
			return nil
		}
	}
	program, err := os.ReadFile(config.program("pause"))
	if err != nil {
		return err
	}
	archive, err := pauseArchive(program)
	if err != nil {
		return err
	}
	file := filepath.Join(paths.Run, "pause.tar")
	if err := os.WriteFile(file, archive, 0o600); err != nil {
		return err
	}
	return errors.Join(LoadImage(paths, file), os.Remove(file))
}

// pauseArchive is an image in the form of `docker save`: a layer, a configuration and a list of both.
func pauseArchive(program []byte) ([]byte, error) {
	layer, err := archiveOf(archived{"pause", program})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(layer)
	image, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH, "os": "linux",
		"config": map[string]any{"Entrypoint": []string{"/pause"}, "User": "65535:65535"},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + hex.EncodeToString(sum[:])}},
	})
	if err != nil {
		return nil, err
	}
	list, err := json.Marshal([]map[string]any{{"Config": "config.json", "RepoTags": []string{pauseImage}, "Layers": []string{"layer.tar"}}})
	if err != nil {
		return nil, err
	}
	return archiveOf(archived{"layer.tar", layer}, archived{"config.json", image}, archived{"manifest.json", list})
}

type archived struct {
	name    string
	content []byte
}

func archiveOf(files ...archived) ([]byte, error) {
	var buffer bytes.Buffer
	writer := tar.NewWriter(&buffer)
	for _, file := range files {
		if err := writer.WriteHeader(&tar.Header{Name: file.name, Mode: 0o755, Size: int64(len(file.content))}); err != nil {
			return nil, err
		}
		if _, err := writer.Write(file.content); err != nil {
			return nil, err
		}
	}
	return buffer.Bytes(), writer.Close()
}
