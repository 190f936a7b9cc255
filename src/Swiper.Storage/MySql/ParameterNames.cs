namespace Swiper.Storage.MySql;

/// <summary>@p0, @p1, ...: made once.</summary>
internal static class ParameterNames
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 4096).Select(i => $"@p{i}")];

    public static string Of(int parameter) => parameter < Names.Length ? Names[parameter] : $"@p{parameter}";
}
