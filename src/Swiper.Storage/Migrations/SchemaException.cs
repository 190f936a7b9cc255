namespace Swiper.Storage.Migrations;

/// <summary>The database has a schema that this program can't use; the message is one line for the operator.</summary>
internal sealed class SchemaException(string message) : Exception(message);
