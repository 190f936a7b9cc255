using System.Text.Json.Nodes;
using Swiper.Host.Options;

namespace Swiper.Tools.Tests.Deploy;

/// <summary>deploy/kubernetes, as far as it can be read without a cluster.</summary>
public sealed class KubernetesTests
{
    private static readonly IReadOnlyList<JsonNode> Documents = Yaml.Read("kubernetes", "swiper.yaml");

    private static JsonNode Pod => Of("Deployment")["spec"]!["template"]!["spec"]!;

    private static JsonNode Container => Assert.Single(Pod["containers"]!.AsArray())!;

    [Fact]
    public void A_pod_has_time_to_drain()
    {
        var pause = (int)Container["lifecycle"]!["preStop"]!["sleep"]!["seconds"]!;
        var drain = new ConnectionLimits().Drain.TotalSeconds;
        Assert.InRange((int)Pod["terminationGracePeriodSeconds"]!, pause + (2 * drain), 120);
        Assert.Equal(0, (int)Of("Deployment")["spec"]!["strategy"]!["rollingUpdate"]!["maxUnavailable"]!);
        Assert.Equal(1, (int)Of("PodDisruptionBudget")["spec"]!["maxUnavailable"]!);
    }

    [Fact]
    public void A_pod_is_not_root_and_can_write_only_where_it_must()
    {
        Assert.True((bool)Pod["securityContext"]!["runAsNonRoot"]!);
        Assert.False((bool)Pod["automountServiceAccountToken"]!);
        var rights = Container["securityContext"]!;
        Assert.True((bool)rights["readOnlyRootFilesystem"]!);
        Assert.False((bool)rights["allowPrivilegeEscalation"]!);
        Assert.Equal("ALL", (string)Assert.Single(rights["capabilities"]!["drop"]!.AsArray())!);
    }

    [Fact]
    public void What_names_a_port_a_label_or_a_volume_names_one_that_there_is()
    {
        var ports = Names(Container["ports"]).ToList();
        Assert.All(["startupProbe", "readinessProbe", "livenessProbe"],
            probe => Assert.Contains((string)Container[probe]!["httpGet"]!["port"]!, ports));
        Assert.Contains((string)Assert.Single(Of("Service")["spec"]!["ports"]!.AsArray())!["targetPort"]!, ports);
        Assert.Equal(Names(Pod["volumes"]).Order(), Names(Container["volumeMounts"]).Order());
        var labels = Of("Deployment")["spec"]!["template"]!["metadata"]!["labels"]!.ToJsonString();
        Assert.Equal(labels, Of("Deployment")["spec"]!["selector"]!["matchLabels"]!.ToJsonString());
        Assert.Equal(labels, Of("PodDisruptionBudget")["spec"]!["selector"]!["matchLabels"]!.ToJsonString());
        Assert.Equal(labels, Of("Service")["spec"]!["selector"]!.ToJsonString());
    }

    [Fact]
    public void Options_that_are_secrets_are_in_a_Secret()
    {
        Assert.DoesNotContain(Names(Container["env"]), static name => name.Contains("Token", StringComparison.Ordinal)
            || name.Contains("Shards", StringComparison.Ordinal) || name.Contains("Redis", StringComparison.Ordinal));
        Assert.Equal("swiper", (string)Assert.Single(Container["envFrom"]!.AsArray())!["secretRef"]!["name"]!);
        Assert.DoesNotContain(Documents, static document => (string)document["kind"]! == "Secret");
    }

    private static JsonNode Of(string kind) => Documents.Single(document => (string)document["kind"]! == kind);

    private static IEnumerable<string> Names(JsonNode? list) => list!.AsArray().Select(static item => (string)item!["name"]!);
}
