extension UInt32 {
    /// A number from a peer: 0 is `default`, what is over `most` is `most`.
    func clamped(default: Int, most: Int) -> Int {
        self == 0 ? `default` : Swift.min(Int(clamping: self), most)
    }

    /// Seconds from a peer; nil for 0.
    func seconds(most: Int) -> Duration? {
        self == 0 ? nil : .seconds(Swift.min(Int(clamping: self), most))
    }
}

extension Duration {
    /// In whole seconds, rounded up, so that a short time does not become none.
    var wireSeconds: UInt32 {
        let (seconds, attoseconds) = components
        return UInt32(clamping: attoseconds > 0 && seconds < Int64.max ? seconds + 1 : seconds)
    }
}
