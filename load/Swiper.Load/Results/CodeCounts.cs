using Swiper.Core.Protocol;

namespace Swiper.Load.Results;

/// <summary>Queries on counts by status code.</summary>
public static class CodeCounts
{
    /// <summary>
    /// Failed requests: replies other than <see cref="StatusCode.Ok"/>, and requests without a reply.
    /// </summary>
    public static long Errors(this IReadOnlyDictionary<int, long> codes) =>
        codes.Sum(code => code.Key == (int)StatusCode.Ok ? 0 : code.Value);

    public static long All(this IReadOnlyDictionary<int, long> codes) => codes.Sum(code => code.Value);
}
