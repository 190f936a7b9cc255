using Microsoft.Extensions.Options;

namespace Swiper.Host.Options;

/// <summary>Reads the options from all sources and checks them before anything starts.</summary>
internal static class OptionsReader
{
    /// <exception cref="OptionsValidationException">With every problem there is, not just the first.</exception>
    public static SwiperOptions Read(ConfigurationManager configuration, IReadOnlyList<string> settings, bool isDevelopment) =>
        Read(configuration, settings, options => options.Problems(isDevelopment));

    /// <summary>Checks only some of the options, for a command that needs no others.</summary>
    /// <exception cref="OptionsValidationException">With every problem there is, not just the first.</exception>
    public static SwiperOptions Read(
        ConfigurationManager configuration, IReadOnlyList<string> settings, Func<SwiperOptions, IEnumerable<string>> problemsOf)
    {
        var malformed = settings.Where(setting => !setting.Contains('=')).Select(setting => $"--set {setting}: expected KEY=VALUE")
            .ToList();
        if (malformed.Count > 0)
            throw Wrong(malformed);

        // If a key is set twice, as by --port and --set, the last one wins.
        configuration.AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2))
            .GroupBy(pair => pair[0], StringComparer.OrdinalIgnoreCase)
            .Select(pairs => KeyValuePair.Create(LogLevels.IsOne(pairs.Key) ? pairs.Key : $"{SwiperOptions.Section}:{pairs.Key}",
                (string?)pairs.Last()[1])));

        var section = configuration.GetSection(SwiperOptions.Section);
        var shapes = OptionShapes.Problems(section, typeof(SwiperOptions)).ToList();
        // Unreadable values are left out, so that the bounds of the others are still checked.
        var readable = new ConfigurationBuilder()
            .AddInMemoryCollection(section.AsEnumerable(makePathsRelative: true)
                .Where(setting => setting.Value is not null && !shapes.Exists(shape => IsWithin(setting.Key, shape.Key))))
            .Build();
        var options = readable.Get<SwiperOptions>() ?? new SwiperOptions();

        var problems = shapes.Select(shape => $"{shape.Key}: {shape.Problem}")
            .Concat(problemsOf(options)).Concat(LogLevels.Problems(configuration)).ToList();
        return problems.Count == 0 ? options : throw Wrong(problems);
    }

    private static bool IsWithin(string key, string parent) =>
        key.StartsWith(parent, StringComparison.OrdinalIgnoreCase) && (key.Length == parent.Length || key[parent.Length] == ':');

    private static OptionsValidationException Wrong(IEnumerable<string> problems) =>
        new(SwiperOptions.Section, typeof(SwiperOptions), problems);
}
