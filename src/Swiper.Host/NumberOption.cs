using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Swiper.Host;

/// <summary>
/// Numbers on a command line and their bounds. An invalid one is a command-line error that names the option.
/// </summary>
internal static class NumberOption
{
    /// <summary>A lower bound only.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, T least)
        where T : struct, INumber<T>
    {
        option.CustomParser = result => Read(result, option, (T number) => number >= least, _ => $"at least {least}") ?? default;
        return option;
    }

    /// <summary>Bounds on either side. NaN is within none.</summary>
    public static Option<T> Within<T>(this Option<T> option, T least, T most)
        where T : struct, INumber<T>
    {
        option.CustomParser = result => Read(
            result, option, (T number) =>
                number >= least && number <= most, number => $"{number} is not between {least} and {most}") ?? default;
        return option;
    }

    /// <summary>A number without bounds, or with bounds checked elsewhere.</summary>
    public static Option<T> AnyNumber<T>(this Option<T> option)
        where T : struct, INumber<T>
    {
        option.CustomParser = result => Read(result, option, static (T _) => true, static _ => "") ?? default;
        return option;
    }

    /// <summary>The same for an optional number.</summary>
    public static Option<T?> AnyNumber<T>(this Option<T?> option)
        where T : struct, INumber<T>
    {
        option.CustomParser = result => Read(result, option, static (T _) => true, static _ => "");
        return option;
    }

    /// <summary>The same for an argument.</summary>
    public static Argument<T> AnyNumber<T>(this Argument<T> argument)
        where T : struct, INumber<T>
    {
        argument.CustomParser = result => Read(result, argument.Name, static (T _) => true, static _ => "") ?? default;
        return argument;
    }

    private static T? Read<T>(ArgumentResult result, Option option, Func<T, bool> isWithin, Func<T, string> bounds)
        where T : struct, INumber<T> => Read(result, option.Name, isWithin, bounds);

    private static T? Read<T>(ArgumentResult result, string name, Func<T, bool> isWithin, Func<T, string> bounds)
        where T : struct, INumber<T>
    {
        // The parser reports a missing value.
        if (result.Tokens is not [var token])
            return null;
        if (!T.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            var expected = typeof(T) == typeof(double) ? "number" : "whole number in range";
            result.AddError($"{name}: '{token.Value}' is not a {expected}");
        }
        else if (!isWithin(number))
        {
            result.AddError($"{name}: {bounds(number)}");
        }
        return number;
    }
}
