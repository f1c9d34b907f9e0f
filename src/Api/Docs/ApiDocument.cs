using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace AiGateway.Api.Docs;

/// <summary>The OpenAPI document as bytes. It is built at the first request and kept, because it never changes.</summary>
internal sealed class ApiDocument([FromKeyedServices(ApiDocument.Name)] IOpenApiDocumentProvider documents)
{
    public const string Name = "v1";

    private const string ContentType = "application/json; charset=utf-8";

    private readonly Lock _lock = new();
    private Task<Page>? _page;

    /// <summary>Writes it, or 304 when the client has it already.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var page = await PageAsync();
        await Results.Bytes(page.Bytes, ContentType, entityTag: page.Tag).ExecuteAsync(context);
    }

    private Task<Page> PageAsync()
    {
        lock (_lock) return _page is null or { IsFaulted: true } ? _page = MakeAsync() : _page;
    }

    // Not the request's cancellation: others wait for the same page.
    private async Task<Page> MakeAsync()
    {
        var document = await documents.GetOpenApiDocumentAsync(CancellationToken.None);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        var bytes = System.Text.Encoding.UTF8.GetBytes(text.ToString());
        return new Page(bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\""));
    }

    private sealed record Page(byte[] Bytes, EntityTagHeaderValue Tag);
}
