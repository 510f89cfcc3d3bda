{{/* What a schema cannot say: values that do not go together. All of them at once, each by the value's name. */}}
{{- define "rowparity.check" -}}
{{- $v := .Values -}}
{{- $problems := list -}}
{{- if and $v.worker.hpa.enabled $v.worker.keda.enabled -}}
{{- $problems = append $problems "worker.hpa.enabled and worker.keda.enabled: both would set the number of workers; enable one of them" -}}
{{- end -}}
{{- /* KEDA's webhook would refuse in the middle of the upgrade. Of the objects in the cluster; offline there are none. */ -}}
{{- $worker := include "rowparity.serviceName" (dict "root" $ "service" "worker") -}}
{{- if and $v.worker.keda.enabled (lookup "autoscaling/v2" "HorizontalPodAutoscaler" .Release.Namespace $worker) -}}
{{- $problems = append $problems "worker.keda.enabled: KEDA takes no workers that another autoscaler has; first upgrade with worker.hpa.enabled=false and worker.keda.enabled=false" -}}
{{- end -}}
{{- range list "hpa" "keda" -}}
{{- $scaler := index $v.worker . -}}
{{- if and $scaler.enabled (gt (int $scaler.minReplicas) (int $scaler.maxReplicas)) -}}
{{- $problems = append $problems (printf "worker.%s.minReplicas: %d is more than worker.%s.maxReplicas, %d" . (int $scaler.minReplicas) . (int $scaler.maxReplicas)) -}}
{{- end -}}
{{- end -}}
{{- if and $v.worker.hpa.enabled (eq (int $v.worker.hpa.cpuPercent) 0) (not $v.worker.hpa.externalMetric) -}}
{{- $problems = append $problems "worker.hpa: give cpuPercent or externalMetric; there is nothing to scale by" -}}
{{- end -}}
{{- if and $v.secrets.create.enabled $v.secrets.name -}}
{{- $problems = append $problems "secrets.name and secrets.create.enabled: either the Secret exists or the chart makes it" -}}
{{- end -}}
{{- if $v.secrets.create.enabled -}}
{{- if and (not $v.secrets.create.redisUrl) (not $v.redis.url.secret) -}}
{{- $problems = append $problems "secrets.create.redisUrl: needed, because redis.url.secret names no other Secret" -}}
{{- end -}}
{{- if and $v.kafka.sasl.mechanism (not $v.secrets.create.kafkaPassword) (not $v.kafka.sasl.password.secret) -}}
{{- $problems = append $problems "secrets.create.kafkaPassword: needed, because kafka.sasl.password.secret names no other Secret" -}}
{{- end -}}
{{- if and $v.http.token.enabled (not $v.secrets.create.httpToken) (not $v.http.token.secret) -}}
{{- $problems = append $problems "secrets.create.httpToken: needed, because http.token.secret names no other Secret" -}}
{{- end -}}
{{- if and $v.http.metricsToken.enabled (not $v.secrets.create.metricsToken) (not $v.http.metricsToken.secret) -}}
{{- $problems = append $problems "secrets.create.metricsToken: needed, because http.metricsToken.secret names no other Secret" -}}
{{- end -}}
{{- if and $v.coordinator.webhooks.enabled (not $v.coordinator.webhooks.secret) -}}
{{- $problems = append $problems "coordinator.webhooks.secret: name the Secret that holds them; the chart makes none" -}}
{{- end -}}
{{- range $name, $item := $v.mysql.connections -}}
{{- if and (not $item.secret) (not (index $v.secrets.create.connections $name)) -}}
{{- $problems = append $problems (printf "secrets.create.connections.%s: needed, because mysql.connections.%s.secret names no other Secret" $name $name) -}}
{{- end -}}
{{- end -}}
{{- range $name, $_ := $v.secrets.create.connections -}}
{{- if not (hasKey $v.mysql.connections $name) -}}
{{- $problems = append $problems (printf "secrets.create.connections.%s: mysql.connections has no such name" $name) -}}
{{- end -}}
{{- end -}}
{{- range list "redis" "kafka" "mysql" -}}
{{- $tls := (index $v .).tls -}}
{{- if and (or $tls.caKey $tls.certKey) (not $tls.secret) -}}
{{- $problems = append $problems (printf "%s.tls.secret: name the Secret with its certificates; the one that the chart makes has none" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $v.kafka.sasl.mechanism (not $v.kafka.sasl.username) -}}
{{- $problems = append $problems "kafka.sasl.username: needed with kafka.sasl.mechanism" -}}
{{- end -}}
{{- if and (ne $v.kafka.tls.mode "verify") (or $v.kafka.tls.caKey $v.kafka.tls.certKey) -}}
{{- $problems = append $problems "kafka.tls.mode: certificates are given, but it is off; set it to verify" -}}
{{- end -}}
{{- range list "redis" "kafka" -}}
{{- $tls := (index $v .).tls -}}
{{- if ne (empty $tls.certKey) (empty $tls.keyKey) -}}
{{- $problems = append $problems (printf "%s.tls: certKey and keyKey belong together" .) -}}
{{- end -}}
{{- end -}}
{{- if $v.check.enabled -}}
{{- range list "source" "destination" -}}
{{- if not (hasKey $v.mysql.connections (index $v.check .)) -}}
{{- $problems = append $problems (printf "check.%s: mysql.connections has no %s" . (index $v.check .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $v.topic.enabled (not $v.topic.image) -}}
{{- $problems = append $problems "topic.image: name an image with Kafka's command line tools" -}}
{{- end -}}
{{- if $v.networkPolicy.enabled -}}
{{- range $v.kafka.brokers -}}
{{- $port := splitList ":" . | last | int -}}
{{- $ports := list -}}
{{- range $v.networkPolicy.egress.kafka.ports -}}{{- $ports = append $ports (int .) -}}{{- end -}}
{{- if not (has $port $ports) -}}
{{- $problems = append $problems (printf "networkPolicy.egress.kafka.ports: the policy would keep workers from %s; add %d" . $port) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $problems -}}
{{- fail (printf "\n- %s" (join "\n- " $problems)) -}}
{{- end -}}
{{- end -}}
