using Swiper.Core.Protocol;

namespace Swiper.Load.Results;

/// <summary>Questions about counts by status code.</summary>
public static class CodeCounts
{
    /// <summary>
    /// Requests that did not get what they asked for: every reply that is not <see cref="StatusCode.Ok"/>, and those that got none.
    /// </summary>
    public static long Errors(this IReadOnlyDictionary<int, long> codes) =>
        codes.Sum(code => code.Key == (int)StatusCode.Ok ? 0 : code.Value);

    public static long All(this IReadOnlyDictionary<int, long> codes) => codes.Sum(code => code.Value);
}
