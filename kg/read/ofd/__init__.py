"""OFD files (GB/T 33190), the format of China's electronic archives: text objects → lines → paragraphs."""
