using System.Globalization;
using System.Text;

namespace Swiper.Tools.Top;

/// <summary>The value of one series at a moment.</summary>
/// <param name="Name">Of the metric.</param>
/// <param name="Labels">What tells the series from others of that name, in the order of their names.</param>
/// <param name="Value">A counter's sum, or what a gauge shows.</param>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>Name and labels; the same at each scrape.</summary>
    public string Series { get; } = Labels.Count == 0 ? Name
        : new StringBuilder(Name).AppendJoin('\0', Labels.Select(label => $"\0{label.Key}\0{label.Value}")).ToString();

    public bool Has(string label, string value) => Labels.TryGetValue(label, out var own) && own == value;
}

/// <summary>Reads Prometheus's text format, version 0.0.4, in which every line is a comment or a sample.</summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/</remarks>
internal static class MetricsText
{
    /// <exception cref="FormatException">It is no such text; the message says where.</exception>
    public static List<Sample> Parse(string text)
    {
        var samples = new List<Sample>();
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            var line = text.AsSpan()[range].Trim(" \t\r");
            if (line.IsEmpty || line[0] == '#')
                continue;
            try
            {
                samples.Add(new LineReader(line).ReadSample());
            }
            catch (FormatException problem)
            {
                throw new FormatException($"line {number}: {problem.Message}", problem);
            }
        }
        return samples;
    }

    private ref struct LineReader(ReadOnlySpan<char> line)
    {
        private ReadOnlySpan<char> _rest = line;

        /// <summary>NAME{LABEL="VALUE",...} NUMBER [MILLISECONDS]</summary>
        public Sample ReadSample()
        {
            var name = ReadName(allowsColon: true);
            SkipBlanks();
            var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (TryTake('{'))
                ReadLabels(labels);
            SkipBlanks();
            var value = ReadNumber();
            SkipBlanks();
            if (!_rest.IsEmpty && !long.TryParse(_rest, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                throw new FormatException("a time in milliseconds expected after the value");
            return new Sample(name, labels, value);
        }

        private void ReadLabels(SortedDictionary<string, string> labels)
        {
            while (true)
            {
                SkipBlanks();
                if (TryTake('}'))
                    return;
                var label = ReadName(allowsColon: false);
                SkipBlanks();
                Take('=');
                SkipBlanks();
                if (!labels.TryAdd(label, ReadText()))
                    throw new FormatException($"label '{label}' twice");
                SkipBlanks();
                if (TryTake('}'))
                    return;
                Take(',');
            }
        }

        private string ReadName(bool allowsColon)
        {
            var length = 0;
            while (length < _rest.Length
                && (char.IsAsciiLetter(_rest[length]) || _rest[length] == '_' || (allowsColon && _rest[length] == ':')
                    || (length > 0 && char.IsAsciiDigit(_rest[length]))))
                length++;
            if (length == 0)
                throw new FormatException("a name expected");
            var name = _rest[..length].ToString();
            _rest = _rest[length..];
            return name;
        }

        private string ReadText()
        {
            Take('"');
            var text = new StringBuilder();
            while (true)
            {
                var end = _rest.IndexOfAny('"', '\\');
                if (end < 0 || end + 1 == _rest.Length && _rest[end] == '\\')
                    throw new FormatException("a label's value has no end");
                text.Append(_rest[..end]);
                if (_rest[end] == '"')
                {
                    _rest = _rest[(end + 1)..];
                    return text.ToString();
                }
                text.Append(_rest[end + 1] switch
                {
                    '\\' => '\\',
                    '"' => '"',
                    'n' => '\n',
                    var other => throw new FormatException($"no such escape: \\{other}"),
                });
                _rest = _rest[(end + 2)..];
            }
        }

        private double ReadNumber()
        {
            var end = _rest.IndexOfAny(' ', '\t');
            var token = end < 0 ? _rest : _rest[..end];
            _rest = _rest[token.Length..];
            return token switch
            {
                "NaN" => double.NaN,
                "+Inf" or "Inf" => double.PositiveInfinity,
                "-Inf" => double.NegativeInfinity,
                _ when double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                    => value,
                _ => throw new FormatException($"'{token}' is not a number"),
            };
        }

        private void SkipBlanks() => _rest = _rest.TrimStart(" \t");

        private bool TryTake(char expected)
        {
            if (_rest.IsEmpty || _rest[0] != expected)
                return false;
            _rest = _rest[1..];
            return true;
        }

        private void Take(char expected)
        {
            if (!TryTake(expected))
                throw new FormatException($"'{expected}' expected");
        }
    }
}
