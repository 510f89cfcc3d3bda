{{/* The pod of a Job, but for its container: (dict "root" $ "service" "check" "files" list). */}}
{{- define "rowparity.jobPod" -}}
{{- $root := .root -}}
{{- $s := index .root.Values .service -}}
metadata:
  labels:
    {{- include "rowparity.serviceSelector" . | nindent 4 }}
spec:
  restartPolicy: Never
  serviceAccountName: {{ include "rowparity.serviceAccount" $root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext:
    runAsNonRoot: true
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
  {{- with $s.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $s.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  volumes:
    {{- with .files }}
    - name: secrets
      projected:
        defaultMode: 288
        sources:
          {{- range . }}
          - secret:
              name: {{ .secret }}
              items: [{ key: {{ .key | quote }}, path: {{ .file | quote }} }]
          {{- end }}
    {{- end }}
    - name: work
      emptyDir: { sizeLimit: {{ $s.workSize }} }
{{- end -}}

{{- define "rowparity.jobSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* Of `rowparity check`: the two connections that it compares, under the names that it knows. */}}
{{- define "rowparity.checkFiles" -}}
{{- $v := .Values -}}
{{- $files := list -}}
{{- range $place := list "source" "destination" -}}
{{- $name := index $v.check $place -}}
{{- $item := index $v.mysql.connections $name -}}
{{- $secret := include "rowparity.secretName" (dict "root" $ "secret" $item.secret "value" (printf "mysql.connections.%s" $name)) -}}
{{- $files = append $files (dict "secret" $secret "key" $item.key "file" (printf "connection-%s" $place)) -}}
{{- end -}}
{{- with $v.mysql.tls.caKey -}}
{{- $secret := include "rowparity.secretName" (dict "root" $ "secret" $v.mysql.tls.secret "value" "mysql.tls") -}}
{{- $files = append $files (dict "secret" $secret "key" . "file" "mysql-ca.crt") -}}
{{- end -}}
{{- toYaml $files -}}
{{- end -}}

{{/* The files of Kafka among those of a worker. */}}
{{- define "rowparity.topicFiles" -}}
{{- $files := list -}}
{{- range include "rowparity.secretFiles" (dict "root" . "service" "worker") | fromYamlArray -}}
{{- if hasPrefix "kafka-" .file -}}{{- $files = append $files . -}}{{- end -}}
{{- end -}}
{{- toYaml $files -}}
{{- end -}}

{{/* Makes the properties of a client from the mounted files, then the topics that are not there. */}}
{{- define "rowparity.topicScript" -}}
{{- $k := .Values.kafka -}}
{{- $secrets := include "rowparity.secretsFolder" . -}}
{{- $isTls := ne $k.tls.mode "off" -}}
set -eu
umask 077
client=/work/client.properties
{
  echo 'security.protocol={{ ternary (ternary "SASL_SSL" "SASL_PLAINTEXT" $isTls) (ternary "SSL" "PLAINTEXT" $isTls) (ne $k.sasl.mechanism "") }}'
{{- if and $isTls $k.tls.caKey }}
  echo 'ssl.truststore.type=PEM'
  echo 'ssl.truststore.location={{ $secrets }}/kafka-ca.crt'
{{- end }}
{{- if and $isTls $k.tls.certKey }}
  cat {{ $secrets }}/kafka-tls.key {{ $secrets }}/kafka-tls.crt > /work/keystore.pem
  echo 'ssl.keystore.type=PEM'
  echo 'ssl.keystore.location=/work/keystore.pem'
{{- end }}
{{- if $k.sasl.mechanism }}
  # The file of properties takes a backslash away, and the entry of JAAS another one.
  password=$(sed -e 's/\\/\\\\\\\\/g' -e 's/"/\\\\"/g' {{ $secrets }}/kafka-password)
  echo 'sasl.mechanism={{ upper $k.sasl.mechanism }}'
  printf 'sasl.jaas.config=org.apache.kafka.common.security.{{ ternary "plain.Plain" "scram.Scram" (eq $k.sasl.mechanism "plain") }}LoginModule required username="%s" password="%s";\n' '{{ $k.sasl.username }}' "$password"
{{- end }}
} > "$client"
for topic in {{ range $k.topics }}{{ if not (hasSuffix "*" .) }}{{ . }} {{ end }}{{ end }}; do
  {{ .Values.topic.command }} --bootstrap-server {{ join "," $k.brokers }} --command-config "$client" \
    --create --if-not-exists --topic "$topic" --partitions {{ .Values.topic.partitions }} --replication-factor {{ .Values.topic.replicationFactor }}
done
{{- end -}}

{{- define "rowparity.checkJob" -}}
{{- $c := .root.Values.check -}}
# A second try would find the same rows.
backoffLimit: 0
activeDeadlineSeconds: {{ mul (int $c.hoursMax) 3600 }}
ttlSecondsAfterFinished: {{ mul (int $c.keptDays) 86400 }}
template:
  {{- include "rowparity.jobPod" . | nindent 2 }}
    containers:
      - name: check
        image: {{ include "rowparity.image" .root | quote }}
        imagePullPolicy: {{ .root.Values.image.pullPolicy }}
        command: [rowparity]
        args:
          - check
          {{- range $c.args }}
          - {{ . | quote }}
          {{- end }}
        env:
          - { name: ROWPARITY_CONNECTION_SOURCE_FILE, value: {{ include "rowparity.secretsFolder" .root }}/connection-source }
          - { name: ROWPARITY_CONNECTION_DESTINATION_FILE, value: {{ include "rowparity.secretsFolder" .root }}/connection-destination }
        securityContext:
          {{- include "rowparity.jobSecurity" .root | nindent 10 }}
        resources:
          {{- toYaml $c.resources | nindent 10 }}
        volumeMounts:
          - { name: secrets, mountPath: {{ include "rowparity.secretsFolder" .root }}, readOnly: true }
          # The folder that it works in: ledger and events, for as long as the pod is there.
          - { name: work, mountPath: /data }
{{- end -}}
