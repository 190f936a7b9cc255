using System.Text.Json;
using System.Text.Json.Serialization;
using Swiper.Load.Results;

namespace Swiper.Load.Reports;

/// <summary>A report as JSON: everything that was measured, for other programs; can be read back.</summary>
internal static class JsonReport
{
    public static string Write(LoadReport report) => JsonSerializer.Serialize(report, ReportJsonContext.Default.LoadReport) + "\n";

    /// <exception cref="InvalidDataException">The text is not a report; the message is a single line.</exception>
    public static LoadReport Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ReportJsonContext.Default.LoadReport)
                ?? throw new InvalidDataException("not a load report: null");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"not a load report: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }
}

// A run without replies has no mean, so NaN must be representable.
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, WriteIndented = true, NewLine = "\n", NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LoadReport))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
