/** The kinds that Kubernetes itself brings: group, kind, what URLs call it, and whether it stands in namespaces. */

interface KnownKind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** `Kind/plural`; those after the bar are in no namespace. https://kubernetes.io/docs/reference/kubernetes-api/ */
const GROUPS: Readonly<Record<string, string>> = {
  '':
    'ConfigMap/configmaps Endpoints/endpoints Event/events LimitRange/limitranges PersistentVolumeClaim/persistentvolumeclaims Pod/pods ' +
    'PodTemplate/podtemplates ReplicationController/replicationcontrollers ResourceQuota/resourcequotas Secret/secrets ' +
    'ServiceAccount/serviceaccounts Service/services | Namespace/namespaces Node/nodes PersistentVolume/persistentvolumes',
  apps: 'ControllerRevision/controllerrevisions DaemonSet/daemonsets Deployment/deployments ReplicaSet/replicasets StatefulSet/statefulsets |',
  autoscaling: 'HorizontalPodAutoscaler/horizontalpodautoscalers |',
  batch: 'CronJob/cronjobs Job/jobs |',
  policy: 'PodDisruptionBudget/poddisruptionbudgets | PodSecurityPolicy/podsecuritypolicies',
  'networking.k8s.io':
    'Ingress/ingresses NetworkPolicy/networkpolicies | IngressClass/ingressclasses IPAddress/ipaddresses ServiceCIDR/servicecidrs',
  'discovery.k8s.io': 'EndpointSlice/endpointslices |',
  'coordination.k8s.io': 'Lease/leases |',
  'rbac.authorization.k8s.io': 'Role/roles RoleBinding/rolebindings | ClusterRole/clusterroles ClusterRoleBinding/clusterrolebindings',
  'admissionregistration.k8s.io':
    '| MutatingWebhookConfiguration/mutatingwebhookconfigurations ValidatingWebhookConfiguration/validatingwebhookconfigurations ' +
    'ValidatingAdmissionPolicy/validatingadmissionpolicies ValidatingAdmissionPolicyBinding/validatingadmissionpolicybindings ' +
    'MutatingAdmissionPolicy/mutatingadmissionpolicies MutatingAdmissionPolicyBinding/mutatingadmissionpolicybindings',
  'apiextensions.k8s.io': '| CustomResourceDefinition/customresourcedefinitions',
  'apiregistration.k8s.io': '| APIService/apiservices',
  'storage.k8s.io':
    'CSIStorageCapacity/csistoragecapacities | StorageClass/storageclasses CSIDriver/csidrivers CSINode/csinodes VolumeAttachment/volumeattachments',
  'scheduling.k8s.io': '| PriorityClass/priorityclasses',
  'node.k8s.io': '| RuntimeClass/runtimeclasses',
  'flowcontrol.apiserver.k8s.io': '| FlowSchema/flowschemas PriorityLevelConfiguration/prioritylevelconfigurations',
  'certificates.k8s.io': '| CertificateSigningRequest/certificatesigningrequests',
};

export const KNOWN_KINDS: readonly KnownKind[] = Object.entries(GROUPS).flatMap(([group, text]) =>
  text.split('|').flatMap((part, index) =>
    part.split(' ').flatMap((word) => {
      const [kind = '', plural = ''] = word.split('/');
      return kind === '' ? [] : [{ group, kind, plural, namespaced: index === 0 }];
    }),
  ),
);
