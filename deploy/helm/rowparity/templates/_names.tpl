{{- define "rowparity.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Short enough for "-coordinator" behind it. */}}
{{- define "rowparity.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "rowparity.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "rowparity.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "rowparity.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "rowparity.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* What every object of the release is found by. */}}
{{- define "rowparity.releaseLabels" -}}
app.kubernetes.io/name: {{ include "rowparity.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "rowparity.labels" -}}
{{ include "rowparity.releaseLabels" . }}
app.kubernetes.io/version: {{ default .Chart.AppVersion .Values.image.tag | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* The service's own: (dict "root" $ "service" "worker"). */}}
{{- define "rowparity.serviceSelector" -}}
{{ include "rowparity.releaseLabels" .root }}
app.kubernetes.io/component: {{ .service }}
{{- end -}}

{{- define "rowparity.serviceLabels" -}}
{{ include "rowparity.labels" .root }}
app.kubernetes.io/component: {{ .service }}
{{- end -}}

{{- define "rowparity.serviceName" -}}
{{ include "rowparity.fullname" .root }}-{{ .service }}
{{- end -}}

{{/* A digest names one image forever; a tag may come to mean another. */}}
{{- define "rowparity.image" -}}
{{- $image := .Values.image -}}
{{- $name := printf "%s/%s" (trimSuffix "/" $image.registry) $image.repository -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}
