using System.Globalization;
using System.Text;

namespace Swiper.Load.Reports.Charts;

/// <summary>
/// The paths of a series, in the drawing's units: a stroke for each stretch without a gap, the area below it, and isolated points.
/// </summary>
internal sealed class SeriesPath
{
    private readonly StringBuilder _stroke = new();
    private readonly StringBuilder _area = new();
    private readonly StringBuilder _dots = new();

    public SeriesPath(IEnumerable<Point> placed, double bottom)
    {
        Point? first = null, last = null;
        foreach (var point in placed)
        {
            if (point.IsGap)
            {
                End();
                continue;
            }
            Append(_stroke, last is null ? 'M' : 'L', point.X, point.Y);
            if (last is null)
                Append(_area, 'M', point.X, bottom);
            Append(_area, 'L', point.X, point.Y);
            first ??= point;
            last = point;
        }
        End();

        void End()
        {
            if (last is { } end)
            {
                // A single point would be invisible: with round caps a zero-length stroke draws a dot.
                if (first == last)
                {
                    Append(_dots, 'M', end.X, end.Y);
                    Append(_dots, 'L', end.X, end.Y);
                }
                Append(_area, 'L', end.X, bottom);
                _area.Append('Z');
            }
            first = last = null;
        }
    }

    public string Stroke => _stroke.ToString();

    public string Dots => _dots.ToString();

    public string Area => _area.ToString();

    private static void Append(StringBuilder path, char command, double x, double y) =>
        path.Append(CultureInfo.InvariantCulture, $"{command}{x:0.#} {y:0.#}");
}
