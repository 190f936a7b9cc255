using System.Text.Json;
using System.Text.Json.Serialization;
using Swiper.Load.Results;

namespace Swiper.Load.Reports;

// A run without a single reply has no mean, so not a number must have a spelling.
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, WriteIndented = true, NewLine = "\n", NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LoadReport))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
