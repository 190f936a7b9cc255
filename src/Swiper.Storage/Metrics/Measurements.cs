using System.Diagnostics.Metrics;

namespace Swiper.Storage.Metrics;

internal static class Measurements
{
    /// <summary>A value as an instrument reports it, with its attributes.</summary>
    public static Measurement<T> With<T>(this T value, params ReadOnlySpan<(string Name, object? Value)> attributes)
        where T : struct
    {
        var tags = new KeyValuePair<string, object?>[attributes.Length];
        for (var i = 0; i < tags.Length; i++)
            tags[i] = KeyValuePair.Create(attributes[i].Name, attributes[i].Value);
        return new Measurement<T>(value, tags);
    }

    public static int AsNumber(this bool value) => value ? 1 : 0;
}
