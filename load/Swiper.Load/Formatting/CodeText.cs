using System.Globalization;
using Swiper.Core.Protocol;
using Swiper.Load.Results;

namespace Swiper.Load.Formatting;

/// <summary>Formats status codes and their counts for people.</summary>
internal static class CodeText
{
    /// <summary>Number and name, such as <c>1005 Throttled</c>; an unknown code is its number alone.</summary>
    public static string Of(int code) => code switch
    {
        (int)StatusCode.Ok => "Ok",
        StepResult.NoReply => "no reply",
        _ when code is >= 0 and <= ushort.MaxValue && Enum.IsDefined((StatusCode)code) =>
            $"{code.ToString(CultureInfo.InvariantCulture)} {(StatusCode)code}",
        _ => code.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Each code with its count, ascending.</summary>
    public static string Of(IEnumerable<KeyValuePair<int, long>> codes) =>
        string.Join(" · ", codes.OrderBy(code => code.Key)
            .Select(code => string.Create(CultureInfo.InvariantCulture, $"{Of(code.Key)} {code.Value:N0}")));
}
