{{- define "rowparity.secretsFolder" -}}/etc/rowparity/secrets{{- end -}}

{{- define "rowparity.createdSecret" -}}{{ include "rowparity.fullname" . }}{{- end -}}

{{/* The Secret that an item is in: (dict "root" $ "secret" "" "value" "redis.url"). Fails where none is named. */}}
{{- define "rowparity.secretName" -}}
{{- if .secret -}}
{{- .secret -}}
{{- else if .root.Values.secrets.create.enabled -}}
{{- include "rowparity.createdSecret" .root -}}
{{- else if .root.Values.secrets.name -}}
{{- .root.Values.secrets.name -}}
{{- else -}}
{{- fail (printf "%s.secret: name the Secret that holds it, or one for all in secrets.name, or set secrets.create.enabled for a trial" .value) -}}
{{- end -}}
{{- end -}}

{{/*
The secret files that a service needs, and the variables that lead to them, as a YAML list of
{ secret, key, file, variable }. The coordinator and the workers read the databases, the workers have Kafka, and the
coordinator where it may look at it; a worker has the token of /v1 only where its metrics have none of their own.
*/}}
{{- define "rowparity.secretFiles" -}}
{{- $root := .root -}}
{{- $v := .root.Values -}}
{{- $files := list (dict "secret" $v.redis.url.secret "key" $v.redis.url.key "file" "redis-url" "variable" "ROWPARITY_REDIS_URL_FILE" "value" "redis.url") -}}
{{- range list (list "caKey" "ca.crt" "CA") (list "certKey" "tls.crt" "CERT") (list "keyKey" "tls.key" "KEY") -}}
{{- $key := index $v.redis.tls (first .) -}}
{{- if $key -}}
{{- $files = append $files (dict "secret" $v.redis.tls.secret "key" $key "file" (printf "redis-%s" (index . 1)) "variable" (printf "ROWPARITY_REDIS_TLS_%s" (last .)) "value" "redis.tls") -}}
{{- end -}}
{{- end -}}
{{- if ne .service "reporter" -}}
{{- range $name, $item := $v.mysql.connections -}}
{{- $files = append $files (dict "secret" $item.secret "key" $item.key "file" (printf "connection-%s" (lower $name)) "variable" (printf "ROWPARITY_CONNECTION_%s_FILE" (upper $name)) "value" (printf "mysql.connections.%s" $name)) -}}
{{- end -}}
{{- if $v.mysql.tls.caKey -}}
{{- $files = append $files (dict "secret" $v.mysql.tls.secret "key" $v.mysql.tls.caKey "file" "mysql-ca.crt" "variable" "" "value" "mysql.tls") -}}
{{- end -}}
{{- end -}}
{{- if include "rowparity.hasKafka" . -}}
{{- if eq $v.kafka.tls.mode "verify" -}}
{{- range list (list "caKey" "ca.crt" "CA") (list "certKey" "tls.crt" "CERT") (list "keyKey" "tls.key" "KEY") -}}
{{- $key := index $v.kafka.tls (first .) -}}
{{- if $key -}}
{{- $files = append $files (dict "secret" $v.kafka.tls.secret "key" $key "file" (printf "kafka-%s" (index . 1)) "variable" (printf "ROWPARITY_KAFKA_TLS_%s" (last .)) "value" "kafka.tls") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $v.kafka.sasl.mechanism -}}
{{- $files = append $files (dict "secret" $v.kafka.sasl.password.secret "key" $v.kafka.sasl.password.key "file" "kafka-password" "variable" "ROWPARITY_KAFKA_PASSWORD_FILE" "value" "kafka.sasl.password") -}}
{{- end -}}
{{- end -}}
{{- if and (eq .service "coordinator") $v.coordinator.webhooks.enabled -}}
{{- $files = append $files (dict "secret" $v.coordinator.webhooks.secret "key" $v.coordinator.webhooks.key "file" "webhooks" "variable" "ROWPARITY_WEBHOOKS_FILE" "value" "coordinator.webhooks") -}}
{{- end -}}
{{- $isWorker := eq .service "worker" -}}
{{- if and $v.http.token.enabled (not (and $isWorker $v.http.metricsToken.enabled)) -}}
{{- $files = append $files (dict "secret" $v.http.token.secret "key" $v.http.token.key "file" "http-token" "variable" "ROWPARITY_HTTP_TOKEN_FILE" "value" "http.token") -}}
{{- end -}}
{{- if $v.http.metricsToken.enabled -}}
{{- $files = append $files (dict "secret" $v.http.metricsToken.secret "key" $v.http.metricsToken.key "file" "metrics-token" "variable" "ROWPARITY_METRICS_TOKEN_FILE" "value" "http.metricsToken") -}}
{{- end -}}
{{- range $files -}}
{{- $_ := set . "secret" (include "rowparity.secretName" (dict "root" $root "secret" .secret "value" .value)) -}}
{{- end -}}
{{- toYaml $files -}}
{{- end -}}
