using System.Text.RegularExpressions;
using Swiper.Local;

namespace Swiper.Tools.Tests.Script;

/// <summary>The servers in containers are not open to whoever reaches their ports.</summary>
public sealed partial class ComposeTests
{
    private static readonly string Compose = File.ReadAllText(Repository.PathOf("deploy", "compose.yaml"));

    [Fact]
    public void Redis_has_a_password()
    {
        var redis = Compose[Compose.IndexOf("  redis-0:", StringComparison.Ordinal)..];
        Assert.Contains("--requirepass", redis, StringComparison.Ordinal);
        Assert.Contains("REDISCLI_AUTH", redis, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_password_is_one_that_has_to_be_set_and_the_example_names_it()
    {
        var asked = Variable().Matches(Compose).Select(match => match.Groups["name"].Value).Distinct().Order();
        var named = File.ReadLines(Repository.PathOf("deploy", ".env.example"))
            .Where(static line => line.EndsWith('=')).Select(static line => line[..^1]).Order();
        Assert.Equal(asked, named);
    }

    [GeneratedRegex(@"\$\{(?<name>\w+):\?")]
    private static partial Regex Variable();
}
