namespace Swiper.Storage.MySql;

/// <summary>
/// The types of a statement's values. MySql.Data tells them to the server once, when it prepares, and sends whatever comes later as what came
/// first; so a text is prepared once for each combination of types that it is used with.
/// </summary>
internal static class ParameterTypes
{
    private const char Number = 'n';

    /// <summary>A letter a value; empty where all are whole numbers.</summary>
    public static string Of(ReadOnlySpan<object?> values)
    {
        Span<char> letters = values.Length <= 64 ? stackalloc char[values.Length] : new char[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            letters[i] = values[i] switch
            {
                long or int => Number,
                double => 'd',
                string => 's',
                byte[] => 'b',
                null => '0',
                _ => throw new ArgumentException($"No parameter is a {values[i]!.GetType().Name}.", nameof(values)),
            };
        }
        return letters.ContainsAnyExcept(Number) ? letters.ToString() : "";
    }

    /// <summary>The value as it is sent.</summary>
    public static object Widen(object? value) => value switch
    {
        null => DBNull.Value,
        int number => (long)number,
        _ => value,
    };
}
