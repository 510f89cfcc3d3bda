{{/* The Deployment's pod: (dict "root" $ "service" "worker"). All three are alike but for their settings. */}}
{{- define "rowparity.podTemplate" -}}
{{- $root := .root -}}
{{- $service := .service -}}
{{- $s := index .root.Values .service -}}
{{- $files := include "rowparity.secretFiles" . | fromYamlArray -}}
metadata:
  labels:
    {{- include "rowparity.serviceSelector" . | nindent 4 }}
    {{- with $s.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # New settings are new pods: the processes read them at their start.
    rowparity/config: {{ include "rowparity.config" . | sha256sum }}
    {{- if $root.Values.secrets.create.enabled }}
    # Pods can be read by many users, so they carry no hash of a secret: with a Secret of the chart, each upgrade makes new pods.
    rowparity/revision: {{ $root.Release.Revision | quote }}
    {{- end }}
    {{- with $s.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "rowparity.serviceAccount" $root }}
  automountServiceAccountToken: false
  # Kubernetes would add variables such as ROWPARITY_HTTP_PORT for a Service of that name.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $s.terminationGracePeriodSeconds }}
  securityContext:
    runAsNonRoot: true
    # The user `node` of the images. The group may read the mounted secrets.
    runAsUser: 1000
    runAsGroup: 1000
    fsGroup: 1000
    seccompProfile: { type: RuntimeDefault }
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $s.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $s.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $s.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $s.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if $s.spread.enabled }}
  topologySpreadConstraints:
    {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: {{ $s.spread.whenUnsatisfiable }}
      labelSelector:
        matchLabels:
          {{- include "rowparity.serviceSelector" (dict "root" $root "service" $service) | nindent 10 }}
      # Of one version: the pods that a rollout takes away do not count.
      matchLabelKeys: [pod-template-hash]
    {{- end }}
  {{- end }}
  containers:
    - name: {{ $service }}
      image: {{ include "rowparity.image" $root | quote }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      command: [{{ $service }}]
      envFrom:
        - configMapRef: { name: {{ include "rowparity.serviceName" . }} }
      ports:
        - { name: http, containerPort: {{ $s.port }}, protocol: TCP }
      # The port is opened when Redis and Kafka answer; without an answer the process ends by itself within 75 s.
      startupProbe:
        httpGet: { path: /livez, port: http }
        periodSeconds: 2
        timeoutSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: { path: /livez, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 3
      readinessProbe:
        httpGet: { path: /readyz, port: http }
        periodSeconds: 5
        timeoutSeconds: 5
        failureThreshold: 2
      {{- if ne $service "worker" }}
      # Until no more requests are sent here.
      lifecycle:
        preStop:
          exec: { command: [sleep, "5"] }
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      resources:
        {{- toYaml $s.resources | nindent 8 }}
      volumeMounts:
        - { name: secrets, mountPath: {{ include "rowparity.secretsFolder" . }}, readOnly: true }
  volumes:
    - name: secrets
      projected:
        # 0440: the group of the pod reads them.
        defaultMode: 288
        sources:
          {{- range $files }}
          - secret:
              name: {{ .secret }}
              items: [{ key: {{ .key | quote }}, path: {{ .file | quote }} }]
          {{- end }}
{{- end -}}
