namespace Swiper.Load.Reports.Html;

/// <summary>A column of a table; numbers are right-aligned.</summary>
internal readonly record struct Column(string Title, bool IsNumber)
{
    public static Column Words(string title) => new(title, IsNumber: false);

    public static Column Numbers(string title) => new(title, IsNumber: true);
}
