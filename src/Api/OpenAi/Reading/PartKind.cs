namespace AiGateway.Api.OpenAi.Reading;

/// <summary>By which rule a content part is held.</summary>
internal enum PartKind
{
    /// <summary>Text, counted as what it says.</summary>
    Text,

    /// <summary>An image in full detail: the model's image rule.</summary>
    Image,

    /// <summary>An image in low detail: the model's image rule.</summary>
    LowDetailImage,

    /// <summary>Audio that was sent along, by its length.</summary>
    Audio,

    /// <summary>Everything else, such as content that is named and not sent: the whole context window.</summary>
    Unbounded,
}
