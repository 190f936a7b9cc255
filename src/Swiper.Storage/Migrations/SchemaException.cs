namespace Swiper.Storage.Migrations;

/// <summary>A database whose schema this program can't work with; the message is one line for the operator.</summary>
internal sealed class SchemaException(string message) : Exception(message);
