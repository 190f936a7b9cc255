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

        configuration.AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2))
            .Select(pair => KeyValuePair.Create($"{SwiperOptions.Section}:{pair[0]}", (string?)pair[1])));

        var section = configuration.GetSection(SwiperOptions.Section);
        SwiperOptions options;
        try
        {
            options = section.Get<SwiperOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new SwiperOptions();
        }
        catch (InvalidOperationException exception)
        {
            // An unknown key, or a value that is no number or time.
            throw Wrong([exception.InnerException is FormatException inner ? $"{exception.Message}: {inner.Message}" : exception.Message]);
        }

        var problems = options.Problems(isDevelopment).ToList();
        return problems.Count == 0 ? options : throw Wrong(problems);
    }

    private static OptionsValidationException Wrong(IEnumerable<string> problems) =>
        new(SwiperOptions.Section, typeof(SwiperOptions), problems);
}
