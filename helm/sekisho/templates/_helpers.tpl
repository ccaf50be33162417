{{/* Labels of every object. */}}
{{- define "sekisho.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: sekisho
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* Labels that select the pods of a component: (list $ "webhook"). */}}
{{- define "sekisho.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: sekisho
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* The operator's image. A digest outweighs a tag. */}}
{{- define "sekisho.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}{{ .repository }}@{{ .digest }}{{- else -}}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{- end -}}
{{- end -}}
{{- end }}

{{/*
The API server as NetworkPolicy peers: what the values say, else its addresses as an install into a cluster finds them; nothing where the chart
is rendered without one.
*/}}
{{- define "sekisho.apiServerPeers" -}}
{{- $addresses := .Values.networkPolicy.apiServerCIDRs -}}
{{- if not $addresses -}}
{{- range (lookup "discovery.k8s.io/v1" "EndpointSlice" "default" "kubernetes").endpoints -}}
{{- range .addresses -}}
{{- $addresses = append $addresses (printf "%s/%d" . (ternary 128 32 (contains ":" .))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $addresses }}
- ipBlock: {cidr: {{ . | quote }}}
{{- end -}}
{{- end }}

{{/* User name of the gateway, as the API server writes it. */}}
{{- define "sekisho.gatewayUsername" -}}
system:serviceaccount:{{ .Release.Namespace }}:sekisho-gateway
{{- end }}

{{/* User name of the controller, as the API server writes it. */}}
{{- define "sekisho.controllerUsername" -}}
system:serviceaccount:{{ .Release.Namespace }}:sekisho-controller
{{- end }}

{{/*
The pod of a component, up to its containers' own fields: (list $ "webhook" .Values.webhook).
Pod Security "restricted", and a root file system that cannot be written.
*/}}
{{- define "sekisho.podMetadata" -}}
{{- $root := index . 0 -}}{{- $component := index . 1 -}}{{- $values := index . 2 -}}
labels:
  {{- include "sekisho.labels" $root | nindent 2 }}
  app.kubernetes.io/component: {{ $component }}
  {{- with $values.podLabels }}{{- toYaml . | nindent 2 }}{{- end }}
{{- with $values.podAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "sekisho.podFields" -}}
{{- $root := index . 0 -}}{{- $component := index . 1 -}}{{- $values := index . 2 -}}
serviceAccountName: sekisho-{{ $component }}
automountServiceAccountToken: {{ ne $component "console" }}
enableServiceLinks: false
terminationGracePeriodSeconds: 20
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
nodeSelector:
  kubernetes.io/os: linux
  {{- with $values.nodeSelector }}{{- toYaml . | nindent 2 }}{{- end }}
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $values.dnsPolicy }}
dnsPolicy: {{ . }}
{{- end }}
{{- with $values.dnsConfig }}
dnsConfig:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "sekisho.containerFields" -}}
{{- $root := index . 0 -}}{{- $values := index . 1 -}}
image: {{ include "sekisho.image" $root }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  capabilities: {drop: [ALL]}
  privileged: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  seccompProfile: {type: RuntimeDefault}
resources:
  {{- toYaml $values.resources | nindent 2 }}
startupProbe:
  httpGet: {path: /healthz, port: health}
  periodSeconds: 1
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /healthz, port: health}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: health}
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 3
{{- end }}

{{/*
Marks of an object whose kind this chart itself brings. At the first install the API server does not know the kind yet when
Helm maps all objects, so there it comes as a hook, after the CRDs; the marks let the next upgrade take it over as an
ordinary object. It stays at uninstall, like the CRDs: people's requests refer to it.
*/}}
{{- define "sekisho.ownKind" -}}
labels:
  {{- include "sekisho.labels" . | nindent 2 }}
annotations:
  helm.sh/resource-policy: keep
  {{- if not (.Capabilities.APIVersions.Has "sekisho.dev/v1alpha1/ExecutionRole") }}
  helm.sh/hook: post-install,post-upgrade
  meta.helm.sh/release-name: {{ .Release.Name }}
  meta.helm.sh/release-namespace: {{ .Release.Namespace }}
  {{- end }}
{{- end }}

{{/*
What every pod of the sandbox namespace must be, in CEL over the variable `pod` (a PodSpec). Pod Security `restricted` checks part of
it; this holds beyond, and though the labels of the namespace were changed.
*/}}
{{- define "sekisho.lockedPodValidations" -}}
{{- range $check := list
  (list "size(variables.pod.containers) == 1 && size(variables.pod.?initContainers.orValue([])) == 0" "A sandbox has one container.")
  (list "!variables.pod.?hostNetwork.orValue(false) && !variables.pod.?hostPID.orValue(false) && !variables.pod.?hostIPC.orValue(false) && !variables.pod.?shareProcessNamespace.orValue(false)" "A sandbox shares no namespace of the node.")
  (list "variables.pod.?automountServiceAccountToken.orValue(true) == false && variables.pod.?serviceAccountName.orValue('default') in ['', 'default']" "A sandbox has no ServiceAccount token.")
  (list "variables.pod.?restartPolicy.orValue('Always') == 'Never' && has(variables.pod.activeDeadlineSeconds)" "A sandbox is never restarted and has a deadline.")
  (list "variables.pod.?dnsPolicy.orValue('ClusterFirst') == 'None'" "A sandbox resolves no names (dnsPolicy None).")
  (list "variables.pod.?securityContext.?runAsNonRoot.orValue(false) && variables.pod.?securityContext.?runAsUser.orValue(0) >= 10000 && variables.pod.?securityContext.?seccompProfile.?type.orValue('') == 'RuntimeDefault'" "A sandbox runs as a user id of its own, from 10000 on, under the runtime's seccomp profile.")
  (list "variables.pod.?volumes.orValue([]).all(v, has(v.emptyDir) || has(v.configMap) || (has(v.projected) && v.projected.?sources.orValue([]).all(s, s.?serviceAccountToken.?audience.orValue('') == 'sekisho-gateway')))" "A sandbox mounts its input, its scratch space, and at most a token for the plugin gateway.")
  (list "variables.pod.containers.all(c, c.?securityContext.?readOnlyRootFilesystem.orValue(false) && !c.?securityContext.?allowPrivilegeEscalation.orValue(true) && !c.?securityContext.?privileged.orValue(false) && c.?securityContext.?capabilities.?drop.orValue([]).exists(d, d == 'ALL') && size(c.?securityContext.?capabilities.?add.orValue([])) == 0)" "A sandbox has a read-only root file system and no capability.")
  (list "variables.pod.containers.all(c, has(c.resources.limits) && 'memory' in c.resources.limits && 'cpu' in c.resources.limits)" "A sandbox has limits of memory and cpu.")
  (list "variables.pod.containers.all(c, size(c.?envFrom.orValue([])) == 0 && c.?env.orValue([]).all(e, !has(e.valueFrom)) && size(c.?ports.orValue([])) == 0)" "A sandbox gets no environment from elsewhere and opens no port.")
}}
- expression: {{ index $check 0 | quote }}
  message: {{ index $check 1 | quote }}
  reason: Forbidden
{{- end }}
{{- end }}

{{/* Names of the ConfigMaps that hold the audit log; the controller makes them by the same rule (src/core/audit/segment.ts). */}}
{{- define "sekisho.auditSegments" -}}
{{- range $index := until (int .Values.audit.segments) }}
- {{ printf "sekisho-audit-%02d" $index }}
{{- end }}
{{- end }}
