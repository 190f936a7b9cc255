using System.Reflection;
using System.Text.RegularExpressions;
using Swiper.Host.Options;
using Swiper.Local;

namespace Swiper.Tools.Tests.Deploy;

/// <summary>A host refuses options that there are not, so the files of deploy/ must not name any.</summary>
public sealed partial class SettingsTests
{
    public static TheoryData<string> Files =>
    [
        "Dockerfile",
        .. Directory.EnumerateFiles(Repository.PathOf("deploy"), "*", SearchOption.AllDirectories)
            .Select(static file => Path.GetRelativePath(Repository.PathOf(), file))
            .Where(static file => !file.EndsWith("/.env", StringComparison.Ordinal)),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_option_that_a_file_names_exists(string file)
    {
        var text = File.ReadAllText(Repository.PathOf(file));
        var named = InEnvironment().Matches(text).Concat(OnCommandLine().Matches(text))
            .Select(static match => match.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal));
        Assert.All(named.Distinct(), static name => Assert.True(Exists(name), $"there is no option {name}"));
    }

    private static bool Exists(string name)
    {
        Type type = typeof(SwiperOptions);
        foreach (var part in name.Split(':'))
        {
            if (type == typeof(IReadOnlyList<string>))
                return int.TryParse(part, out _);
            if (type.GetProperty(part, BindingFlags.Public | BindingFlags.Instance) is not { } property)
                return false;
            type = property.PropertyType;
        }
        return true;
    }

    [GeneratedRegex(@"Swiper__(?<name>[A-Za-z0-9]+(__[A-Za-z0-9]+)+)")]
    private static partial Regex InEnvironment();

    [GeneratedRegex(@"--set (?<name>[A-Z]\w+(:\w+)+)")]
    private static partial Regex OnCommandLine();
}
