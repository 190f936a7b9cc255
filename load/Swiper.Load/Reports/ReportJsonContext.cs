using System.Text.Json;
using System.Text.Json.Serialization;
using Swiper.Load.Results;

namespace Swiper.Load.Reports;

// A run without replies has no mean, so NaN must be representable.
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, WriteIndented = true, NewLine = "\n", NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LoadReport))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
