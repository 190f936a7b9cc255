using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Swiper.Local;

namespace Swiper.Tools.Tests.Deploy;

/// <summary>
/// The containers of compose.yaml and compose.hosts.yaml are not open to whoever reaches their ports, and hold no secrets.
/// </summary>
public sealed partial class ComposeTests
{
    private static readonly string[] Files = ["compose.yaml", "compose.hosts.yaml"];

    private static readonly JsonNode Servers = Yaml.Read(Files[0])[0]["services"]!;

    private static readonly JsonNode Hosts = Yaml.Read(Files[1])[0];

    [Fact]
    public void Redis_has_a_password()
    {
        var redis = Servers["redis-0"]!;
        Assert.Contains("--requirepass", Texts(redis["command"]));
        Assert.NotNull(redis["environment"]!["REDISCLI_AUTH"]);
    }

    [Fact]
    public void Every_secret_is_one_that_has_to_be_set_and_the_example_names_it()
    {
        var texts = Files.Select(static file => File.ReadAllText(Repository.PathOf("deploy", file))).ToList();
        var asked = texts.SelectMany(static text => Variable().Matches(text)).Select(static match => match.Groups["name"].Value)
            .Distinct().Order();
        var named = File.ReadLines(Repository.PathOf("deploy", ".env.example"))
            .Where(static line => line.EndsWith('=')).Select(static line => line[..^1]).Order();
        Assert.Equal(asked, named);
        Assert.DoesNotMatch(SecretInPlace(), string.Concat(texts));
    }

    [Theory]
    [InlineData("host-a")]
    [InlineData("host-b")]
    [InlineData("haproxy")]
    public void What_clients_reach_can_write_nothing_and_has_no_rights(string name)
    {
        var service = Hosts["services"]![name]!;
        Assert.True((bool)service["read_only"]!);
        Assert.Equal(["ALL"], Texts(service["cap_drop"]));
        Assert.Equal(["no-new-privileges:true"], Texts(service["security_opt"]));
        Assert.Null(service["privileged"]);
    }

    [Fact]
    public void Haproxy_finds_the_hosts_where_its_configuration_has_them_and_they_take_its_word_alone()
    {
        var services = Hosts["services"]!;
        var configuration = File.ReadAllText(Repository.PathOf("deploy", "haproxy", "least-connections.cfg"));
        foreach (var host in (string[])["host-a", "host-b"])
        {
            Assert.Contains($" {Address(host)}:7443\n", configuration, StringComparison.Ordinal);
            Assert.Equal($"{Address("haproxy")}/32", (string)services[host]!["environment"]!["Swiper__Listen__ProxyNetworks__0"]!);
            Assert.Null(services[host]!["ports"]);
        }

        string Address(string service) => (string)services[service]!["networks"]!["hosts"]!["ipv4_address"]!;
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(static item => (string)item!);

    [GeneratedRegex(@"\$\{(?<name>\w+):\?")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?i)(password|token)(=|: *)(?![\s$""{]|""?\$)\w")]
    private static partial Regex SecretInPlace();
}
