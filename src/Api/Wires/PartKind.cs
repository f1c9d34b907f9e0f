namespace AiGateway.Api.Wires;

/// <summary>The rule by which a content part is held.</summary>
internal enum PartKind
{
    /// <summary>Text, held by its token count.</summary>
    Text,

    /// <summary>An image in full detail: the model's image rule.</summary>
    Image,

    /// <summary>An image in low detail: the model's image rule.</summary>
    LowDetailImage,

    /// <summary>Audio in the request, held by its length.</summary>
    Audio,

    /// <summary>Everything else, such as content that is only referred to: the whole context window.</summary>
    Unbounded,
}
