"""Pure rules of comments: words, marks, tokens, who may write, places in a thread, what makes a comment wait."""
