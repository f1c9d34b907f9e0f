{{- define "aigateway.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "aigateway.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: gateway
{{- end }}

{{- define "aigateway.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "aigateway.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "aigateway.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "aigateway.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "aigateway.environment" -}}
env:
  {{- range $name, $value := .Values.settings }}
  - name: {{ $name }}
    value: {{ $value | quote }}
  {{- end }}
  - name: Database__MigrateAtStart
    value: {{ not .Values.migration.enabled | quote }}
  {{- if .Values.metrics.enabled }}
  - name: AI_GATEWAY_METRICS_PORT
    value: {{ printf "0.0.0.0:%d" (int .Values.metrics.port) | quote }}
  {{- end }}
  {{- if .Values.configuration }}
  - name: AI_GATEWAY_CONFIG
    value: /etc/aigateway/aigateway.json
  {{- end }}
{{- end }}

{{- define "aigateway.secret" -}}
name: secrets
secret:
  secretName: {{ required "existingSecret is the name of a secret with ConnectionStrings__Gateway and the key of a provider" .Values.existingSecret }}
{{- end }}

{{- define "aigateway.secretMount" -}}
name: secrets
mountPath: /run/secrets
readOnly: true
{{- end }}
