{{/* Not empty for the workers, which send events, and for a coordinator that may look at Kafka for a diagnosis. */}}
{{- define "rowparity.hasKafka" -}}
{{- if or (eq .service "worker") (and (eq .service "coordinator") .root.Values.coordinator.kafka) -}}yes{{- end -}}
{{- end -}}

{{/* The plain settings of a service, and the paths of its secret ones. */}}
{{- define "rowparity.config" -}}
{{- $v := .root.Values -}}
{{- $s := index .root.Values .service -}}
ROWPARITY_HTTP_HOST: "0.0.0.0"
ROWPARITY_HTTP_PORT: {{ $s.port | quote }}
ROWPARITY_LOG_LEVEL: {{ $s.logLevel }}
ROWPARITY_LOG_FORMAT: json
{{- if ne .service "reporter" }}
ROWPARITY_EVENT_TOPICS: {{ join "," $v.kafka.topics | quote }}
{{- with $v.tracing.endpoint }}
OTEL_EXPORTER_OTLP_ENDPOINT: {{ . | quote }}
OTEL_TRACES_SAMPLER: parentbased_traceidratio
OTEL_TRACES_SAMPLER_ARG: {{ $v.tracing.ratio | quote }}
{{- end }}
{{- end }}
{{- if eq .service "coordinator" }}
ROWPARITY_LEASE_MS: {{ $s.leaseMs | int64 | quote }}
ROWPARITY_RUNS_KEPT_DAYS: {{ $s.runsKeptDays | int64 | quote }}
ROWPARITY_ALLOW_PREDICATES: {{ $s.allowPredicates | quote }}
{{- else if eq .service "worker" }}
ROWPARITY_CONCURRENCY: {{ $s.concurrency | quote }}
ROWPARITY_LOCK_MS: {{ $s.lockMs | int64 | quote }}
ROWPARITY_STALLED_CHECK_MS: {{ $s.stalledCheckMs | int64 | quote }}
ROWPARITY_KAFKA_CLIENT: {{ $v.kafka.client }}
{{- range $name, $variable := dict "maxStreams" "MAX_STREAMS" "maxRowsPerSecond" "MAX_ROWS_PER_SECOND" "maxBytesPerSecond" "MAX_BYTES_PER_SECOND" "maxLagSeconds" "MAX_LAG_SECONDS" }}
{{- with index $s.budget $name }}
ROWPARITY_{{ $variable }}: {{ . | int64 | quote }}
{{- end }}
{{- end }}
{{- range $name, $variable := dict "maxLoad" "MAX_LOAD" "throttleQuery" "THROTTLE_QUERY" "lagQuery" "LAG_QUERY" "readWindows" "READ_WINDOWS" "pauseFile" "PAUSE_FILE" }}
{{- with index $s.budget $name }}
ROWPARITY_{{ $variable }}: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- if include "rowparity.hasKafka" . }}
ROWPARITY_KAFKA_BROKERS: {{ join "," $v.kafka.brokers | quote }}
ROWPARITY_KAFKA_TLS: {{ $v.kafka.tls.mode | quote }}
{{- if $v.kafka.sasl.mechanism }}
ROWPARITY_KAFKA_SASL: {{ $v.kafka.sasl.mechanism }}
ROWPARITY_KAFKA_USERNAME: {{ $v.kafka.sasl.username | quote }}
{{- end }}
{{- end }}
{{- range include "rowparity.secretFiles" . | fromYamlArray }}
{{- if .variable }}
{{ .variable }}: {{ include "rowparity.secretsFolder" $ }}/{{ .file }}
{{- end }}
{{- end }}
{{- with $s.extraConfig }}
{{ toYaml . }}
{{- end }}
{{- end -}}
