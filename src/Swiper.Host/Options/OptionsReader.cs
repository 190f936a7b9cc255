using Microsoft.Extensions.Options;

namespace Swiper.Host.Options;

/// <summary>Reads the options from all sources and checks them before anything starts.</summary>
internal static class OptionsReader
{
    /// <exception cref="OptionsValidationException">With every problem there is, not just the first.</exception>
    public static SwiperOptions Read(ConfigurationManager configuration, IReadOnlyList<string> settings, bool isDevelopment)
    {
        var malformed = settings.Where(setting => !setting.Contains('=')).Select(setting => $"--set {setting}: expected KEY=VALUE").ToList();
        if (malformed.Count > 0)
            throw Wrong(malformed);

        // Of a key that is told twice, as by --port and --set, the last counts.
        configuration.AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2))
            .GroupBy(pair => pair[0], StringComparer.OrdinalIgnoreCase)
            .Select(pairs => KeyValuePair.Create($"{SwiperOptions.Section}:{pairs.Key}", (string?)pairs.Last()[1])));

        var section = configuration.GetSection(SwiperOptions.Section);
        malformed = [.. OptionShapes.Problems(section, typeof(SwiperOptions))];
        if (malformed.Count > 0)
            throw Wrong(malformed);
        var options = section.Get<SwiperOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new SwiperOptions();

        var problems = options.Problems(isDevelopment).ToList();
        return problems.Count == 0 ? options : throw Wrong(problems);
    }

    private static OptionsValidationException Wrong(IEnumerable<string> problems) =>
        new(SwiperOptions.Section, typeof(SwiperOptions), problems);
}
